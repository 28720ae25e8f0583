# Sourced by the programs of this folder, which set $bench and $program. Finds a JDK ($jdk), sets the commit ($commit)
# and builds changed sources.

. "$bench/find-jdk.sh"

root=$(dirname "$bench")

# The measured commit for the results, marked if the sources have changed since.
commit=$(git -C "$root" rev-parse HEAD 2>/dev/null || echo unknown)
[ -z "$(git -C "$root" status --porcelain -- engine bench/src pom.xml 2>/dev/null | head -n 1)" ] || commit=$commit-dirty

# Builds if a source is newer than the last build.
jar=$bench/target/lib/heddle-bench.jar
if [ ! -f "$jar" ] || [ -n "$(find "$root/pom.xml" "$root"/engine/*/pom.xml "$root"/engine/*/src/main \
    "$root"/cli/pom.xml "$root"/cli/src/main "$bench/pom.xml" "$bench/src/main/java" -newer "$jar" -print | head -n 1)" ]; then
    command -v mvn >/dev/null 2>&1 || fail "Maven is needed to build the benchmarks: install it"
    printf '%s: building ...\n' "$program" >&2
    (cd "$root" && mvn -q -B -DskipTests -Dspotless.check.skip=true -pl bench -am package) >&2 \
        || fail "the build failed; Maven's messages are above" 1
    touch "$jar"
fi
