"""The models that serve: the offline one with its skills, and the hosted one where configured."""

from __future__ import annotations

from core.drafting.drafted import Draft
from graph.context import utc_now
from graph.draft import DiscoveryAnswer, QualityAnswer
from graph.generation.skill import DraftingSkill
from graph.models.choice import Hosted, Models, hosted_model
from graph.models.offline.discovery import DiscoverySkill
from graph.models.offline.model import OfflineModel
from graph.models.offline.product_ask import ProductAskSkill
from graph.models.offline.quality import QualitySkill
from graph.models.offline.route import RouteSkill
from graph.models.offline.routing import RouteClassifier
from graph.product_ask import ProductAsk
from graph.state import Route
from server.settings import Settings

DRAFT_FACTOR = 3
"""How much longer than an answer a draft may take."""


class ModelNotNamedError(Exception):
    """A hosted model's address is given and its name is not."""

    def __init__(self) -> None:
        super().__init__(
            "HEADWATER_LLM_BASE_URL is set and HEADWATER_LLM_MODEL is not. Name the model that is "
            "to be asked there, or leave both out."
        )


def models_of(settings: Settings, offline: OfflineModel) -> Models:
    return Models(offline, hosted_of(settings))


def drafting_models_of(settings: Settings, offline: OfflineModel) -> Models:
    """For whole drafts, which are longer than an answer and may take longer."""
    hosted = hosted_of(settings)
    if hosted is None:
        return Models(offline)
    wide = hosted_model(
        base_url=settings.llm_base_url,
        model=hosted.name,
        api_key=settings.llm_api_key,
        timeout=settings.llm_timeout_seconds * DRAFT_FACTOR,
        max_tokens=settings.llm_draft_tokens,
    )
    return Models(offline, wide)


def offline_model(classifier: RouteClassifier) -> OfflineModel:
    """The offline model with a skill for each typed result that an agent asks for."""
    return OfflineModel(
        skills={
            Route.__name__: RouteSkill(classifier),
            DiscoveryAnswer.__name__: DiscoverySkill(utc_now),
            QualityAnswer.__name__: QualitySkill(utc_now),
            ProductAsk.__name__: ProductAskSkill(),
            Draft.__name__: DraftingSkill(),
        }
    )


def hosted_of(settings: Settings) -> Hosted | None:
    """A model is hosted where its name is given; the address defaults to the vendor's own.

    Raises ModelNotNamedError.
    """
    if settings.llm_model is None:
        if settings.llm_base_url is not None:
            raise ModelNotNamedError
        return None
    return hosted_model(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key,
        timeout=settings.llm_timeout_seconds,
    )
