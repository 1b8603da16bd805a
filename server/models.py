"""The models that serve: the offline one with its skills, and the hosted one where configured."""

from __future__ import annotations

from dataclasses import replace

from langchain_core.callbacks import BaseCallbackHandler

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
from server.metrics.models import ModelFigures
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


def models_of(
    settings: Settings, offline: OfflineModel, figures: ModelFigures | None = None
) -> Models:
    return _told(Models(offline, hosted_of(settings, figures)), figures)


def drafting_models_of(
    settings: Settings, offline: OfflineModel, figures: ModelFigures | None = None
) -> Models:
    """For whole drafts, which are longer than an answer and may take longer."""
    if settings.llm_model is None:
        return _told(Models(offline, hosted_of(settings)), figures)
    wide = hosted_model(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key,
        timeout=settings.llm_timeout_seconds * DRAFT_FACTOR,
        max_tokens=settings.llm_draft_tokens,
        callbacks=_listening(settings.llm_model, figures),
    )
    return _told(Models(offline, wide), figures)


def _told(models: Models, figures: ModelFigures | None) -> Models:
    return models if figures is None else replace(models, tell=figures.wrote)


def _listening(model: str, figures: ModelFigures | None) -> list[BaseCallbackHandler]:
    return [] if figures is None else [figures.calls_of(model)]


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


def hosted_of(settings: Settings, figures: ModelFigures | None = None) -> Hosted | None:
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
        callbacks=_listening(settings.llm_model, figures),
    )
