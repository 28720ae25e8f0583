package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Kills a few commands a few times; {@code bench/kill} kills all commands. */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "the exit code after SIGKILL")
class KillTest {
    private static final List<String> FEW = List.of("kmeans fit", "data convert, photos", "group");

    @TempDir
    Path folder;

    @Test
    void aKilledCommandLeavesAnOldOrCompleteFileAndTheNextRunDeletesTheRest() throws Exception {
        int kills = Integer.getInteger("heddle.kills", 0);
        KillCampaign campaign = new KillCampaign(folder, Long.getLong("heddle.kills.seed", 1));
        int expected = 0;
        if (kills > 0) {
            System.out.print(campaign.table());
        }
        for (KilledCommand command : KilledCommand.all()) {
            int times = times(command, kills);
            if (times > 0) {
                String row = campaign.run(command, times);
                expected += times;
                if (kills > 0) {
                    System.out.print(row);
                }
            }
        }
        if (kills > 0) {
            System.out.printf(
                    "%n%d kills, %d faults%n",
                    campaign.kills(), campaign.faults().size());
        }
        assertThat(campaign.faults()).isEmpty();
        // Commands that end before the kill test nothing.
        assertThat(campaign.kills()).as(campaign.table()).isGreaterThan(expected / 2);
    }

    /** The number of kills of a command: in a campaign all commands or the chosen ones, otherwise a few. */
    private static int times(KilledCommand command, int kills) {
        String chosen = System.getProperty("heddle.kills.commands", "");
        if (kills > 0) {
            return chosen.isEmpty() || List.of(chosen.split(";")).contains(command.name()) ? kills : 0;
        }
        return FEW.contains(command.name()) ? 3 : 0;
    }
}
