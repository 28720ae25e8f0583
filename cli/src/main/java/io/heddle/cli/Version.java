package io.heddle.cli;

import io.heddle.cli.report.BuildProperties;
import picocli.CommandLine.IVersionProvider;

/** The version of Heddle, written by the build. */
public final class Version implements IVersionProvider {
    /** Returns only the version, for example 0.2.0. */
    public static String text() {
        return BuildProperties.get("version");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"heddle " + text()};
    }
}
