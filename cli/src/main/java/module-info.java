/** The {@code heddle} program and its report. */
module io.heddle.cli {
    requires io.heddle.core;
    requires io.heddle.cnn;
    requires io.heddle.data;
    requires it.unimi.dsi.fastutil.core;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires com.fasterxml.jackson.databind;
    requires gg.jte.runtime;
    requires de.siegmar.fastcsv;
    requires java.desktop;
    requires java.management;
    requires jdk.management;
    // Signals, for which Java has no other API.
    requires jdk.unsupported;

    // picocli sets the options' fields, jte calls the templates.
    opens io.heddle.cli to
            info.picocli;
    opens io.heddle.cli.command to
            info.picocli;
    opens io.heddle.cli.options to
            info.picocli;

    exports io.heddle.cli.report.page to
            gg.jte.runtime;
}
