"""The only reader of the environment: `HEADWATER_*` over `headwater.yaml` over defaults."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_cache_path
from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)
from yaml import YAMLError

from core.access import checked_template
from core.alerts.policy import AlertPolicy
from core.topic_naming import TopicNaming
from server.auth import is_loopback
from server.issuer import Issuer
from server.log_lines import LogFormat
from server.policy import Policy
from server.principal import PrincipalEntry, Reading
from tools.notifications.channel import Notifications


class InvalidSettingsError(Exception):
    """A setting has a value that cannot be; the text names it and says what is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(
            f"Wrong settings: {'; '.join(problems)}. Correct the environment (HEADWATER_...) or "
            "headwater.yaml; `headwater config` prints what is in force."
        )


class Settings(BaseSettings):
    """What is in force. Sizes are bytes, durations seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="HEADWATER_", yaml_file="headwater.yaml", extra="forbid", frozen=True
    )

    cluster: str = "default"
    bootstrap_servers: str | None = None
    """None starts the embedded Kafka."""
    schema_registry: str | None = None
    """Base URL of a Confluent-compatible API; None starts the embedded Apicurio Registry."""
    database_url: str | None = None
    """None starts the embedded Postgres."""
    data_dir: Path = Path(".headwater")
    kafka_port: int | None = None
    """Ports of the embedded servers; None keeps the data folder's, at first a free one."""
    registry_port: int | None = None
    postgres_port: int | None = None
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("headwater"))
    """Downloaded programs, shared by all data folders."""
    maven_repository: str | None = None
    """URL to download them from; None asks `mvn`, which knows the user's mirrors."""
    java_home: Path | None = Field(
        default=None, validation_alias=AliasChoices("java_home", "HEADWATER_JAVA_HOME", "JAVA_HOME")
    )
    kafka_config: dict[str, str] = Field(default_factory=dict)
    """More librdkafka settings (security.protocol, sasl.* ...)."""

    host: str = "127.0.0.1"
    catalog_port: int = 8004
    generator_port: int = 8003
    products_port: int = 8001

    public_url: str | None = None
    """Where others reach the catalog, for links that are sent; None is the address of a request."""
    principals: tuple[PrincipalEntry, ...] = ()
    """Who may write and decide, by bearer token. With none, no issuers and reading open, the
    server is open, on loopback only."""
    oidc: tuple[Issuer, ...] = ()
    """Issuers whose JWTs are taken as bearer tokens."""
    reading: Reading = Reading.OPEN
    """Whether reading needs a token too."""
    open_access: bool = False
    """Open beyond loopback too: something else keeps strangers out, such as a published port."""
    policy: Policy = Policy()
    callback_secret: SecretStr | None = Field(default=None, min_length=32)
    """Signs approval links; None makes one that is kept in the database."""
    principal: str | None = None
    """Who the command line says it is to an open server."""
    token: SecretStr | None = None
    """The bearer token of the command line."""

    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: SecretStr | None = None
    llm_timeout_seconds: float = 30.0
    llm_draft_tokens: int = Field(default=4_000, ge=200)
    """Of one draft of a product at most; a model that thinks aloud needs more."""
    embedding_base_url: str | None = None
    """None uses the built-in MiniLM."""
    embedding_model: str | None = None
    embedding_api_key: SecretStr | None = None
    embedding_dimensions: int | None = None
    embedding_timeout_seconds: float = 30.0
    """For one request of up to 64 texts."""

    scan_cron: str = "0 * * * *"
    scan_after_provisioning: bool = True
    """Whether a product that became active is looked for at once, and not at the next scan."""
    sample_messages: int = 300
    sample_bytes: int = 2 * 1024 * 1024
    sample_seconds: float = 10.0
    exclude_topics: tuple[str, ...] = (r"^__.*", r"^_schemas$")
    owner_rules: Path | None = None
    """YAML file of naming rules that guess owners; None uses the built-in ones."""
    topic_naming: TopicNaming | None = None
    """How new topics are called; None reads it off the cluster's topics."""
    acl_principal: Annotated[str, AfterValidator(checked_template)] | None = None
    """What a team is called in Kafka's ACLs, such as `User:{team}`; None plans no ACLs."""
    notifications: Notifications = Notifications()
    """Where teams hear of what concerns them."""
    watchers: int = Field(default=1, ge=0, le=64)
    """Processes of this server that watch the quality of topics; 0 leaves it to other servers."""
    watcher_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,80}$")
    """What this server's watchers are called in their consumer group, if it is to be the same after
    a restart, so that they go on at once; no two servers may share it."""
    quality_history_hours: float = Field(default=24, ge=0, le=24 * 30)
    """How far back a topic is read when it is watched first."""
    quality_keep_days: int = Field(default=90, ge=1, le=3_650)
    """How long counts are kept."""
    quality_floor: float = Field(default=0.95, gt=0, le=1)
    """Sources whose score of the last 24 hours is lower are counted as quality issues."""
    quality_dead_letters: str | None = Field(default=None, pattern=r"^[^{}]*\{topic\}[^{}]*$")
    """Where messages go that cannot be decoded, such as `{topic}-dlq`; None sends them nowhere."""
    alerts_topic: str = Field(default="quality-alerts", pattern=r"^[A-Za-z0-9._-]{1,249}$")
    """Where events of alerts are published; made by itself where it is missing."""
    alert_policy: AlertPolicy = AlertPolicy()
    """How long things must hold, and how near they must lie, to be one alert."""
    otlp_endpoint: str | None = None
    """Where traces go, by OTLP over HTTP, such as http://collector:4318; None makes none."""
    otlp_headers: SecretStr | None = None
    """`name=value,...` that it takes to get in there."""
    trace_share: float = Field(default=1.0, ge=0, le=1)
    """Of the requests that bring no trace along, so many are traced."""
    log_format: LogFormat = LogFormat.TEXT
    """Lines for people, or a JSON object a line."""
    metrics_topics: tuple[str, ...] = Field(default=(), max_length=100)
    """Topics whose lag /metrics tells by name; all others are told in sums alone."""
    openlineage_aliases: tuple[str, ...] = ()
    """Namespaces that mean this cluster too, beside `kafka://` and its bootstrap servers."""
    openlineage_url: str | None = None
    """Where runs of this server are told of, as OpenLineage events; None tells nobody."""
    openlineage_endpoint: str = "api/v1/lineage"
    """The path there."""
    openlineage_api_key: SecretStr | None = None
    """The bearer token there."""
    usage_cron: str = "*/15 * * * *"
    """When what was written and read is counted, besides after each scan."""
    usage_keep_days: int = Field(default=180, ge=1, le=3_650)
    """How long counts of use are kept."""
    usage_searches: bool = True
    """Whether texts of searches are counted, without what may tell of a person."""
    price_book: Path | None = None
    """YAML file of monthly prices; None uses the built-in one, whose prices are assumptions."""

    @property
    def link_secret(self) -> str | None:
        """What signs the links that are sent; None is one kept in the database."""
        given = self.callback_secret
        return None if given is None else given.get_secret_value()

    @property
    def catalog_url(self) -> str:
        """Where others reach the catalog."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return self.public_url or f"http://{host}:{self.catalog_port}"

    @property
    def open(self) -> bool:
        """Whether people are who they say they are, without a token."""
        closed = self.principals or self.oidc or self.reading is Reading.TOKEN
        return not closed and (self.open_access or is_loopback(self.host))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        yaml = YamlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, dotenv_settings, file_secret_settings, yaml


def load_settings(**given: Any) -> Settings:
    """The settings in force; `given` are from the command line and come first, None is not given.

    Raises InvalidSettingsError.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise InvalidSettingsError(
            [
                f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
                for problem in error.errors(include_url=False, include_input=False)
            ]
        ) from error
    except YAMLError as error:
        raise InvalidSettingsError([f"headwater.yaml is no YAML ({error})"]) from error
