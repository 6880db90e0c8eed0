"""The same on a GPU as on the processor; where there is no GPU none of this runs."""

import pytest

torch = pytest.importorskip("torch")


@pytest.fixture(autouse=True)
def device():
    """Return the GPU, whose float32 products are then of float32."""
    if not torch.cuda.is_available():
        pytest.skip("no GPU here")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    return torch.device("cuda")


@pytest.fixture
def alike():
    """Assert that two tensors are the same but for the order in which sums were taken."""

    def check(there, here):
        assert there.device.type == "cuda" and here.device.type == "cpu"
        torch.testing.assert_close(there.cpu(), here, rtol=1e-4, atol=1e-5)

    return check
