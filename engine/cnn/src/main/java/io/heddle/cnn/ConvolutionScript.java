package io.heddle.cnn;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;

/**
 * The TorchScript program that runs Heddle networks: convolutions whose tensors are arguments. DJL has no bfloat16 in
 * Java, so the program selects it ({@code src/main/python/make_convolutions.py}). Thread-safe.
 */
final class ConvolutionScript implements AutoCloseable {
    private static final String RESOURCE = "convolutions.pt";
    // DJL recognizes lists of arrays and methods by these names.
    private static final String LIST = "[]";
    private static final String METHOD = "module_method:";

    private final Model model;
    private final PtSymbolBlock program;

    private ConvolutionScript(Model model) {
        this.model = model;
        program = (PtSymbolBlock) model.getBlock();
    }

    static ConvolutionScript load() throws IOException {
        Model model = Model.newInstance("convolutions", Device.cpu(), Torch.ENGINE);
        try (InputStream in = ConvolutionScript.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("this build of Heddle lacks its resource %s".formatted(RESOURCE));
            }
            model.load(in);
            return new ConvolutionScript(model);
        } catch (ModelException e) {
            model.close();
            throw new IOException("the resource %s cannot be loaded: %s".formatted(RESOURCE, Torch.reason(e)), e);
        } catch (IOException | RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /** Returns a manager whose arrays are valid until it, or this program, is closed. */
    NDManager newManager() {
        return model.getNDManager().newSubManager();
    }

    /** The arguments of one call. */
    static final class Arguments {
        private final NDList list = new NDList();

        Arguments add(NDArray array) {
            list.add(array);
            return this;
        }

        Arguments add(String name, Collection<NDArray> arrays) {
            for (NDArray array : arrays) {
                array.setName(name + LIST);
                list.add(array);
            }
            return this;
        }
    }

    /**
     * Runs a method.
     *
     * @param scope owns the result
     * @param differentiable whether the result has gradients
     */
    NDList call(String method, NDManager scope, boolean differentiable, Arguments arguments) {
        NDArray name = scope.zeros(new Shape(1));
        name.setName(METHOD + method);
        NDList all = new NDList(arguments.list);
        all.add(name);
        return IValueUtils.forward(program, all, differentiable);
    }

    @Override
    public void close() {
        model.close();
    }
}
