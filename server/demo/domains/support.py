"""Support: tickets, conversations and what customers thought of them."""

from __future__ import annotations

from server.demo.defect import Defects, as_text, instead
from server.demo.headers import cloud_events
from server.demo.topic import Domain, ProductPlan, Topic, Writing, event, retained
from server.demo.vocabulary import (
    WHOLE,
    always,
    code,
    counted,
    either,
    flag,
    iso,
    label,
    many,
    millis,
    of,
    phrase,
    pick,
    record,
    stamp,
    table,
    uuid,
    whole,
)

_INTENTS = pick("track_order", "refund", "greeting", "handover").maybe(0.6)
_USER_TURN = record(
    speaker=pick("user", "bot", weights=(1, 0)),
    text=phrase("Where is my order {0.order.id}?", "I want my money back", "Hello", "Thank you"),
    intent=_INTENTS,
)
_BOT_TURN = record(
    speaker=pick("user", "bot", weights=(0, 1)),
    text=phrase("May I have your order number?", "It arrives soon", "I will pass you on"),
    intent=_INTENTS,
)

TOPICS = (
    Topic(
        "support.tickets.v1",
        Writing.REGISTERED_AVRO,
        "tickets",
        (
            event(
                "SupportTicket",
                "A customer's request and its state after each change.",
                ticket_id=of("id"),
                customer_id=of("order.customer.id"),
                order_id=of("order.id").maybe(0.8).says("Order that the request is about"),
                category=label("category", "delivery", "refund", "product", "invoice", "account"),
                priority=label("priority", "low", "normal", "high", "urgent"),
                status=label("status", "open", "pending", "solved", "closed"),
                language=of("order.customer.language"),
                assignee=of("agent.email").nullable(0.1),
                first_reply_minutes=counted(95, 0.8).maybe(0.8),
                sla_breached=flag(0.07).added_in(2),
                updated_at=stamp(millis),
            ),
        ),
        900,
        key=of("id"),
        namespace="com.halden.support",
        config=retained(90),
    ),
    Topic(
        "support.ticket-events.v1",
        Writing.JSON,
        "tickets",
        (
            event(
                "ticket.created",
                "",
                3.0,
                event_type=always("ticket.created"),
                ticket_id=of("id"),
                channel=pick("mail", "chat", "phone"),
                occurred_at=stamp(iso),
            ),
            event(
                "ticket.assigned",
                "",
                3.0,
                event_type=always("ticket.assigned"),
                ticket_id=of("id"),
                agent_id=of("agent.id"),
                team=pick("first-level", "claims"),
                occurred_at=stamp(iso),
            ),
            event(
                "ticket.solved",
                "",
                2.0,
                event_type=always("ticket.solved"),
                ticket_id=of("id"),
                resolution=pick("refunded", "replaced", "explained"),
                touches=whole(1, 9),
                occurred_at=stamp(iso),
            ),
        ),
        1_200,
        key=of("id"),
        headers=cloud_events,
        config=retained(30),
    ),
    Topic(
        "support.csat-surveys",
        Writing.JSON,
        "tickets",
        (
            event(
                "Survey",
                surveyId=uuid(),
                ticketId=of("id"),
                customerId=of("order.customer.id"),
                score=of("score", WHOLE),
                comment=phrase(
                    "Very kind", "Took too long", "Solved at once", "Still waiting"
                ).maybe(0.35),
                answeredAt=stamp(iso),
            ),
        ),
        350,
        key=of("id"),
        partitions=1,
        config=retained(90),
        defects=Defects(rate=0.03, kinds=(as_text("score"), instead("score", 0, 11))),
    ),
    Topic(
        "zendesk-webhook-raw",
        Writing.JSON,
        "tickets",
        (
            event(
                "Webhook",
                ticket=record(
                    id=of("number", WHOLE),
                    subject=phrase(
                        "Where is my parcel {0.order.tracking}", "Refund for {0.order.id}"
                    ),
                    priority=of("priority"),
                    requester=record(
                        name=of("order.customer.name"), email=of("order.customer.email")
                    ),
                    tags=many(pick("vip", "delivery", "refund", "spam"), 0, 2),
                    custom_fields=table(code("3600#######"), code("@@##"), 1, 3),
                ),
                account_id=always(1_190_442),
                timestamp=stamp(iso),
            ),
        ),
        500,
        partitions=1,
        config={**retained(7), "max.message.bytes": "8388608"},
        defects=Defects(giants=2, cut=0.01),
    ),
    Topic(
        "chatbot.transcripts",
        Writing.JSON,
        "tickets",
        (
            event(
                "Transcript",
                conversationId=uuid(),
                user=of("order.customer.id").nullable(0.3),
                turns=many(either(_USER_TURN, _BOT_TURN), 2, 7),
                resolved=flag(0.55),
                startedAt=stamp(millis),
            ),
        ),
        500,
        partitions=2,
        config=retained(14),
    ),
    Topic("support-tickets-test", Writing.JSON, "tickets", (), 0, partitions=1),
)

PRODUCTS = (
    ProductPlan(
        "support-tickets",
        "Support Tickets",
        "Requests of customers and the events in the life of each.",
        "customer-service",
        ("support.tickets.v1", "support.ticket-events.v1"),
        ("support", "customer"),
        "1.2.0",
    ),
    ProductPlan(
        "customer-satisfaction",
        "Customer Satisfaction",
        "Answers to the survey that follows a solved ticket.",
        "customer-service",
        ("support.csat-surveys",),
        ("support", "kpi"),
    ),
)

DOMAIN = Domain("support", TOPICS, PRODUCTS)
