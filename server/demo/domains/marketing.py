"""Marketing and web: clicks, campaigns, letters and the logs beneath them."""

from __future__ import annotations

from server.demo.defect import Defects, instead, missing, nulled, scaled
from server.demo.topic import Domain, ProductPlan, Topic, Writing, event, retained
from server.demo.vocabulary import (
    always,
    counted,
    day,
    digest,
    flag,
    iso,
    micros,
    millis,
    of,
    one_of,
    phrase,
    pick,
    record,
    seconds,
    skewed,
    stamp,
    table,
    uuid,
)

_CAMPAIGNS = ("spring-garden", "black-week", "workshop-days", "loyalty-double")

TOPICS = (
    Topic(
        "web.clickstream.v2",
        Writing.REGISTERED_AVRO,
        "customers",
        (
            event(
                "PageView",
                "A page that a visitor opened.",
                event_id=uuid(),
                session_id=digest(64),
                visitor_id=of("device").says("First-party cookie"),
                customer_id=of("id").maybe(0.35).says("Known after sign-in only"),
                path=phrase(
                    "/", "/search?q={1}", "/cart", "/checkout", "/p/GAR-000{1}", "/account"
                ),
                referrer=pick("google", "newsletter", "direct", "instagram").maybe(0.6),
                utm_campaign=pick(*_CAMPAIGNS).maybe(0.2),
                viewport_width=one_of(390, 412, 1280, 1536, 1920),
                load_ms=counted(640, 0.5),
                consented=flag(0.8).added_in(2),
                occurred_at=stamp(millis),
            ),
        ),
        2_000,
        key=of("device"),
        namespace="com.halden.web",
        partitions=6,
        config=retained(7),
        defects=Defects(
            rate=0.01, kinds=(scaled(-1, "load_ms"),), lost_schema=0.003, repeated=0.01
        ),
    ),
    Topic(
        "web.sessions.v1",
        Writing.REGISTERED_AVRO,
        "customers",
        (
            event(
                "WebSession",
                session_id=digest(64),
                visitor_id=of("device"),
                country=of("country"),
                device=pick("desktop", "mobile", "tablet", weights=(4, 6, 1)),
                pages=counted(6, 0.7),
                duration_seconds=counted(210, 0.9),
                converted=flag(0.04),
                started_at=stamp(millis, before=1),
                ended_at=stamp(millis),
            ),
        ),
        900,
        key=of("device"),
        namespace="com.halden.web",
        config=retained(14),
    ),
    Topic(
        "marketing.campaign-performance",
        Writing.JSON,
        "products",
        (
            event(
                "CampaignPerformance",
                campaign=pick(*_CAMPAIGNS),
                channel=pick("search", "social", "display", "email"),
                date=day(-2, 0),
                impressions=counted(42_000, 0.8),
                clicks=counted(900, 0.8),
                conversions=counted(31, 0.8),
                spend=skewed(380, 0.7),
                revenue=skewed(1_900, 0.8),
                currency=always("EUR"),
            ),
        ),
        500,
        partitions=1,
        config=retained(90),
    ),
    Topic(
        "marketing.email-engagement.v1",
        Writing.REGISTERED_JSON,
        "customers",
        (
            event(
                "EmailEngagement",
                "What became of one letter to one customer.",
                messageId=uuid(),
                customerId=of("id"),
                campaign=pick(*_CAMPAIGNS),
                action=pick("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed"),
                link=phrase("https://shop.halden.example/c/garden?utm={1}").maybe(0.2),
                client=pick("gmail", "outlook", "apple-mail").maybe(0.5),
                occurredAt=stamp(iso),
            ),
        ),
        1_200,
        key=of("id"),
        config=retained(30),
        defects=Defects(rate=0.02, kinds=(missing("customerId"), instead("action", "open"))),
    ),
    Topic(
        "ga4_export_raw",
        Writing.JSON,
        "customers",
        (
            event(
                "GaEvent",
                event_name=pick("page_view", "scroll", "add_to_cart", "purchase", "view_item"),
                event_timestamp=stamp(micros),
                user_pseudo_id=of("device"),
                event_params=table(
                    pick("page_location", "ga_session_id", "engagement_time", "source", "term"),
                    digest(32),
                    2,
                    5,
                ),
                geo=record(country=of("country"), city=of("city")),
                platform=pick("WEB", "IOS", "ANDROID"),
            ),
        ),
        1_500,
        partitions=2,
        config=retained(3),
        defects=Defects(rate=0.03, kinds=(nulled("user_pseudo_id"), missing("geo")), cut=0.005),
    ),
    Topic(
        "webshop.access-log",
        Writing.TEXT,
        "customers",
        (
            event(
                "AccessLog",
                line=phrase(
                    '{0.ip} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "GET /p/GAR-000{1} HTTP/2" 200 {2}',
                    '{0.ip} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "GET /search?q={1} HTTP/2" 200 {2}',
                    '{0.ip} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "POST /cart HTTP/2" 302 {2}',
                    '{0.ip} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "GET /favicon.ico HTTP/1.1" 404 {1}',
                ),
            ),
        ),
        1_500,
        partitions=2,
        config=retained(3),
        hours=20,
    ),
    Topic(
        "ab-test-exposures",
        Writing.JSON,
        "customers",
        (
            event(
                "Exposure",
                experiment=pick("checkout-one-page", "search-ranking-7", "free-shipping-banner"),
                variant=pick("control", "A", "B"),
                visitorId=of("device"),
                firstSeen=flag(0.3),
                ts=stamp(seconds),
            ),
        ),
        800,
        key=of("device"),
        config=retained(7),
    ),
    Topic("newsletter_signups_tmp", Writing.JSON, "customers", (), 0, partitions=1),
)

PRODUCTS = (
    ProductPlan(
        "clickstream",
        "Clickstream",
        "Page views of our shops and the sessions that they form, without personal data.",
        "web-analytics",
        ("web.clickstream.v2", "web.sessions.v1"),
        ("web", "analytics"),
        "2.5.0",
    ),
    ProductPlan(
        "campaign-performance",
        "Campaign Performance",
        "Cost, clicks and revenue of each campaign, day by day.",
        "performance-marketing",
        ("marketing.campaign-performance",),
        ("marketing", "kpi"),
    ),
    ProductPlan(
        "email-engagement",
        "Email Engagement",
        "Deliveries, opens and clicks of our letters.",
        "crm-marketing",
        ("marketing.email-engagement.v1",),
        ("marketing", "customer"),
    ),
)

DOMAIN = Domain("marketing", TOPICS, PRODUCTS)
