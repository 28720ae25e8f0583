# Sourced by the programs of this folder, which set $bench and $program. Finds a JDK ($jdk).

needed=25

fail() {
    printf '%s: %s\n' "$program" "$1" >&2
    exit "${2:-2}"
}

# The major version named in a JDK's release file; nothing if the folder is not a JDK.
major_of() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release"
}

jdk=
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /opt/*; do
    if [ -n "$candidate" ]; then
        version=$(major_of "$candidate")
        if [ -n "$version" ] && [ "$version" -ge "$needed" ]; then
            jdk=$candidate
            break
        fi
    fi
done
[ -n "$jdk" ] || fail "no JDK $needed or later found: install one or set JAVA_HOME to it"
