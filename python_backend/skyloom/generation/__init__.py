"""From a seed and a mix of cloud types to a dome: latent, model files, model registry, detail."""

from skyloom.generation.detail import DetailModel
from skyloom.generation.latent import latent_from_seed
from skyloom.generation.model import SkyModel, models_digest
from skyloom.generation.registry import ModelRegistry

__all__ = ["DetailModel", "ModelRegistry", "SkyModel", "latent_from_seed", "models_digest"]
