package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class HeddleTest {
    @Test
    void printsItsVersionOnOneLine() {
        Invocation heddle = Invocation.of("--version");

        assertThat(heddle.code()).isZero();
        assertThat(heddle.out()).matches("heddle \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
        assertThat(heddle.err()).isEmpty();
    }

    @Test
    void helpShowsExamplesWithinEightyColumns() {
        for (String[] words : new String[][] {{"--help"}, {"run", "--help"}}) {
            Invocation heddle = Invocation.of((Object[]) words);

            assertThat(heddle.code()).isZero();
            assertThat(heddle.out()).contains("Examples:", "heddle run --sample 3000");
            assertThat(heddle.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void everyHelpNamesAPageOfTheDocumentation() {
        namesAPage(HeddleCommand.commandLine("--help"));
    }

    private static void namesAPage(CommandLine command) {
        if (!command.getCommandSpec().qualifiedName().contains("generate-")) {
            String help = command.getUsageMessage();
            String last = help.lines().toList().getLast();
            assertThat(last).startsWith("Docs: docs/");
            assertThat(Path.of("..", last.substring("Docs: ".length()))).isRegularFile();
            assertThat(help.lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
        }
        command.getSubcommands().values().forEach(HeddleTest::namesAPage);
    }

    @Test
    void noArgumentsAndHelpPrintHelp() {
        Invocation bare = Invocation.of();
        Invocation help = Invocation.of("help", "data", "convert");

        assertThat(bare.code()).isZero();
        assertThat(bare.out()).isEqualTo(Invocation.of("--help").out()).contains("Usage: heddle", "audit");
        assertThat(Invocation.of("help").out()).isEqualTo(bare.out());
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .isEqualTo(Invocation.of("data", "convert", "--help").out());
    }

    @Test
    void manyOptionsAreInGroups() {
        String help = Invocation.of("audit", "--help").out();

        assertThat(help.lines().filter(l -> l.matches("(Input|Method|Output|General):")))
                .containsExactly("Input:", "Method:", "Output:", "General:");
        assertThat(help.indexOf("--label=")).isLessThan(help.indexOf("--cut="));
        assertThat(help.indexOf("--cut=")).isLessThan(help.indexOf("-o, --out="));
        assertThat(help).contains("-q, --quiet");
    }

    @Test
    void quietPrintsErrorsOnly(@TempDir Path folder) {
        Path table = Path.of("../docs/examples/flowers.csv");
        Path out = folder.resolve("groups");
        Invocation heddle = Invocation.of("group", table, "--label", "species", "--clusters", 3, "-o", out, "-q");

        assertThat(heddle.code()).isZero();
        assertThat(heddle.err()).isEmpty();
        assertThat(out.resolve("index.html")).exists();
        assertThat(Invocation.of("group", table, "--clusters", 1, "-q").err()).contains("--clusters must be 2 or more");
    }

    @Test
    void findsEveryCommandByItsName() {
        CommandLine all = HeddleCommand.commandLine("--help");

        assertThat(all.getSubcommands()).hasSize(17).allSatisfy((name, command) -> assertThat(name)
                .isEqualTo(command.getCommandSpec()
                        .userObject()
                        .getClass()
                        .getAnnotation(Command.class)
                        .name()));
        assertThat(all.getSubcommands().keySet())
                .allSatisfy(name -> assertThat(HeddleCommand.commandLine(name).getSubcommands())
                        .containsKey(name));
        assertThat(HeddleCommand.commandLine("data", "info").getSubcommands()).containsOnlyKeys("data");
        assertThat(HeddleCommand.commandLine("generate-man").getSubcommands()).hasSize(17);
    }

    @Test
    void theArchiveRunPrintsNothing(@TempDir Path folder) throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream captured = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            ArchiveRun.main(new String[] {folder.toString()});
        } finally {
            System.setOut(before);
        }

        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
        // Its inputs exist and are complete.
        assertThat(Invocation.of("inspect", folder.resolve("model.heddle")).code())
                .isZero();
        assertThat(Invocation.of("data", "info", folder.resolve("images-idx3-ubyte.gz"))
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weave                    | 'weave'             | heddle --help",
                "help weave               | 'weave'             | heddle --help",
                "audti photos             | Did you mean audit? | heddle help audit",
                "cluster photos           | 'cluster'           | heddle group does that",
                "classify x.csv           | 'classify'          | heddle train does that",
                "clean photos             | 'clean'             | heddle audit does that",
                "products.csv             | 'products.csv'      | heddle data info products.csv",
                "data inof x.csv          | 'inof'              | Did you mean info?",
                "group x.csv --clustres 3 | unknown option --clustres. Did you mean --clusters? | heddle group --help",
                "--clustres 3             | unknown option --clustres. Did you mean heddle group --clusters? | heddle --help",
                "run --encoder fashoin    | --encoder names a file or one of | did you mean fashion?",
                "features x.npy --encoder imagnet --out f.npy | \"imagnet\" | did you mean imagenet?",
                "encoder train x --teacher fashin --out e     | --teacher names a file or one of | did you mean fashion?",
                "predict m x.csv --encoder fashin --out p.csv | \"fashin\" | did you mean fashion?",
                "group x.csv --encoder fashoin | fashoin | did you mean fashion?",
                "audit x.csv --labels kind     | there is no file kind of labels | --label kind names a column",
                "run --sampel 3000        | --sampel            | --sample",
                "run --sample many        | 'many'              | heddle run --help",
                "run --sample             | --sample            | heddle run --help",
                "run --precision float16  | 'float16'           | BFLOAT16",
                "run --seed 0x1           | '0x1'               | heddle run --help",
                "run extra                | 'extra'             | heddle run --help",
            })
    void refusesAWrongLineWithOneSentenceAndAHint(String line, String names, String hint) {
        Invocation heddle = Invocation.of((Object[]) line.split(" "));

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.out()).isEmpty();
        assertThat(heddle.errorLines())
                .singleElement()
                .asString()
                .startsWith("heddle: ")
                .contains(names, hint);
    }
}
