package io.heddle.spark;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;

/**
 * Runs a Spark master and two workers in separate processes, on the loopback interface, with the class path of this
 * JVM.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Path folder;
    private final int port;
    private final String classPath =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    private final List<Process> processes = new ArrayList<>();

    StandaloneCluster() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("heddle-cluster");
        // Workers start executors from the jars of SPARK_HOME; here the executors get this class path instead.
        Files.createDirectories(folder.resolve("home/jars"));
        port = freePort();
        try {
            start("master", "org.apache.spark.deploy.master.Master", "--port", Integer.toString(port));
            awaitPort();
            for (int i = 0; i < 2; i++) {
                start(
                        "worker" + i,
                        "org.apache.spark.deploy.worker.Worker",
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--work-dir",
                        folder.resolve("work" + i).toString(),
                        "spark://" + HOST + ":" + port);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    private void start(String name, String type, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp"));
        command.addAll(List.of(classPath, type, "--host", HOST, "--webui-port", "0"));
        command.addAll(List.of(arguments));
        File log = folder.resolve(name + ".log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
        Map<String, String> environment = builder.environment();
        environment.put("SPARK_HOME", folder.resolve("home").toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("SPARK_LOCAL_IP", HOST);
        environment.put("SPARK_SCALA_VERSION", "2.13");
        processes.add(builder.start());
    }

    private void awaitPort() throws IOException, InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180); ; Thread.sleep(50)) {
            try {
                new Socket(HOST, port).close();
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !processes.getFirst().isAlive()) {
                    throw new IOException(
                            "the master does not listen: " + Files.readString(folder.resolve("master.log")), e);
                }
            }
        }
    }

    /** A session whose driver is this JVM, with an executor of one core in each worker. */
    SparkSession session() {
        return SparkSession.builder()
                .master("spark://" + HOST + ":" + port)
                .appName("heddle")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", HOST)
                .config("spark.driver.host", HOST)
                .config("spark.executor.memory", "512m")
                .config("spark.executor.cores", "1")
                .config("spark.executor.extraClassPath", classPath)
                .config("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:-UsePerfData")
                .config("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"))
                .config("spark.sql.shuffle.partitions", "2")
                // By default, Spark waits 30 s for both executors, and then starts jobs on the first alone.
                .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
                .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "4min")
                .config("spark.cores.max", "2")
                .getOrCreate();
    }

    @Override
    public void close() throws IOException {
        // Workers end their executors.
        for (Process process : processes.reversed()) {
            process.destroy();
        }
        for (Process process : processes) {
            process.onExit()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .exceptionally(late -> process.destroyForcibly())
                    .join();
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
