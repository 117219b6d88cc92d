"""The exported generator: baked constants, truncation, ONNX in float32, against the generator of training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from skyloom_training.export.frozen import FrozenMapping, FrozenSynthesis, class_centres
from skyloom_training.networks.generator import Generator, GeneratorShape
from tiny_net import TINY, TinyModel, inputs, tiny_generator, tiny_model


@pytest.fixture(scope="module")
def generator() -> Generator:
    return tiny_generator()


@pytest.fixture(scope="module")
def model() -> TinyModel:
    return tiny_model()


def session(path: Path) -> ort.InferenceSession:
    return ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize(
    ("head_factor", "tail", "layout", "stationary", "arcs"),
    [
        (2, 0, 0, False, 0),
        (4, 0, 3, False, 1),
        (2, 6, 0, False, 0),
        (2, 6, 3, False, 0),
        (2, 6, 3, True, 0),
        (2, 6, 3, True, 4),
    ],
)
def test_frozen_networks_equal_the_generator(
    head_factor: int, tail: int, layout: int, stationary: bool, arcs: int
) -> None:
    small = {"z_dim": 16, "embed_dim": 8, "w_dim": 16, "channels": (16, 12, 8)}
    shape = GeneratorShape(**small, head_factor=head_factor, tail=tail, layout=layout, stationary=stationary, arcs=arcs)
    generator = tiny_generator(seed=1, shape=shape)
    for layer in (generator.synthesis.arcs, generator.synthesis.tail_arcs):
        if layer is not None:  # at the start they add nothing
            torch.nn.init.normal_(layer.gain.weight)
    z, mix, noise = inputs(3, shape=shape)
    w = generator.mapping(z, mix)
    mapping = FrozenMapping(generator.mapping, class_centres(generator))
    torch.testing.assert_close(mapping(z, mix, torch.ones(3, 1)), w, atol=1e-5, rtol=1e-5)
    dome = FrozenSynthesis(generator.synthesis)(w, noise)
    assert dome.shape[-1] == shape.dome == 16 * head_factor * (2 if tail else 1)
    torch.testing.assert_close(dome, generator(z, mix, noise), atol=1e-5, rtol=1e-5)


def test_psi_goes_from_the_classes_centre_to_the_latent(generator: Generator) -> None:
    centres = class_centres(generator)
    mapping = FrozenMapping(generator.mapping, centres)
    z, mix, _ = inputs(4)
    w = generator.mapping(z, mix)
    at = {psi: mapping(z, mix, torch.full((4, 1), psi)) for psi in (0.0, 0.25, 1.0)}
    torch.testing.assert_close(at[0.0][0], centres[3])
    torch.testing.assert_close(at[0.0], mix @ centres)
    torch.testing.assert_close(at[1.0], w, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(at[0.25], 0.75 * at[0.0] + 0.25 * at[1.0], atol=1e-5, rtol=1e-5)


def test_centre_of_a_class_is_its_mean_latent(generator: Generator) -> None:
    mix = torch.eye(11)[6].expand(20_000, -1)
    z = torch.randn(20_000, TINY.z_dim, generator=torch.Generator().manual_seed(99))
    torch.testing.assert_close(class_centres(generator)[6], generator.mapping(z, mix).mean(dim=0), atol=0.03, rtol=0.03)


@pytest.mark.parametrize("batch", [1, 3])
def test_float_onnx_equals_torch(model: TinyModel, batch: int) -> None:
    z, mix, noise = inputs(batch, seed=8)
    mapping = session(model.folder / "mapping.onnx")
    (w,) = mapping.run(["w"], {"z": z.numpy(), "mix": mix.numpy(), "psi": np.ones((batch, 1), np.float32)})
    (dome,) = session(model.float_synthesis).run(["dome"], {"w": w, "noise": noise.numpy()})
    np.testing.assert_allclose(w, model.generator.mapping(z, mix).numpy(), atol=1e-5, rtol=1e-4)
    np.testing.assert_allclose(dome, model.generator(z, mix, noise).numpy(), atol=1e-4)


def test_networks_have_free_batches_and_plain_operators(model: TinyModel) -> None:
    for path in (model.folder / "mapping.onnx", model.float_synthesis, model.folder / "synthesis.onnx"):
        model_proto = onnx.load(path)
        graph = model_proto.graph
        assert {node.domain for node in graph.node} <= {"", "ai.onnx"}
        assert next(entry.version for entry in model_proto.opset_import if not entry.domain) >= 18
        sides = [value.type.tensor_type.shape.dim[0] for value in (*graph.input, *graph.output)]
        assert all(side.dim_param for side in sides)
