"""Payments: money in from orders, money out to partners, and what gateways send us."""

from __future__ import annotations

from decimal import Decimal

from server.demo.defect import Defects, as_text, missing, scaled
from server.demo.field import Type
from server.demo.headers import retried, traced
from server.demo.topic import COMPACT, Domain, ProductPlan, Topic, Writing, event, retained
from server.demo.vocabulary import (
    REAL,
    TEXT,
    WHOLE,
    always,
    code,
    counted,
    day,
    derived,
    digest,
    each,
    flag,
    iso,
    label,
    millis,
    of,
    phrase,
    pick,
    record,
    seconds,
    stamp,
    uuid,
    whole,
)

_METHODS = ("card", "paypal", "sepa_debit", "invoice", "klarna")

TOPICS = (
    Topic(
        "payments.transactions.v3",
        Writing.REGISTERED_PROTOBUF,
        "orders",
        (
            event(
                "Transaction",
                payment_id=of("payment"),
                order_id=of("id"),
                customer_id=of("customer.id"),
                amount=of("total", REAL),
                currency=of("currency"),
                method=label("method", *_METHODS),
                status=pick("authorized", "captured", "failed", weights=(3, 8, 1)),
                card=record(brand=pick("visa", "mastercard", "amex"), last4=code("####")).maybe(
                    0.5
                ),
                risk_score=of("fraud", REAL),
                gateway=pick("adyen", "stripe"),
                three_ds=flag(0.6).maybe(0.6),
                created_at=stamp(millis),
            ),
        ),
        2_000,
        key=of("payment"),
        headers=traced,
        namespace="halden.payments.v3",
        partitions=6,
        config=retained(30),
        defects=Defects(rate=0.01, kinds=(scaled(-1, "amount"),), lost_schema=0.004, cut=0.002),
    ),
    Topic(
        "payments.refunds.v1",
        Writing.REGISTERED_PROTOBUF,
        "orders",
        (
            event(
                "Refund",
                refund_id=code("RF-########"),
                payment_id=of("payment"),
                order_id=of("id"),
                amount=of("line.total", REAL),
                currency=of("currency"),
                reason=pick("return", "goodwill", "duplicate", "cancelled"),
                lines=each("lines", sku=of("product.sku"), quantity=of("quantity", WHOLE)),
                issued_at=stamp(millis),
            ),
        ),
        500,
        key=of("payment"),
        namespace="halden.payments.v1",
        config=retained(30),
    ),
    Topic(
        "payments.settlements.v1",
        Writing.REGISTERED_AVRO,
        "orders",
        (
            event(
                "Settlement",
                "What a payment provider paid out for one payment, after its fees.",
                settlement_id=code("ST########"),
                payment_id=of("payment").says("Payment that was settled"),
                provider=pick("adyen", "stripe", "klarna"),
                gross=derived(Type.DECIMAL, lambda o: Decimal(str(o.total))).says("Before fees"),
                fee=derived(Type.DECIMAL, lambda o: Decimal(str(round(o.total * 0.014, 2)))),
                currency=of("currency"),
                value_date=day(1, 3).says("When the money reaches our account"),
                settled_at=stamp(millis),
            ),
        ),
        900,
        key=of("payment"),
        namespace="com.halden.payments",
        config=retained(90),
    ),
    Topic(
        "payments.payouts.v1",
        Writing.REGISTERED_AVRO,
        "purchases",
        (
            event(
                "Payout",
                payout_id=uuid(),
                invoice_number=of("invoice"),
                supplier_id=of("supplier.id"),
                iban=of("supplier.iban"),
                amount=of("total", REAL),
                currency=of("supplier.currency"),
                status=pick("scheduled", "sent", "returned", weights=(3, 9, 1)),
                execution_date=day(0, 14),
                created_at=stamp(millis),
            ),
        ),
        600,
        key=of("supplier.id"),
        namespace="com.halden.payments",
        config=retained(90),
    ),
    Topic(
        "payments.payment-methods",
        Writing.REGISTERED_AVRO,
        "customers",
        (
            event(
                "PaymentMethod",
                customer_id=of("id"),
                token=digest(),
                type=pick(*_METHODS),
                expires=code("2#-0#").maybe(0.6),
                billing_country=of("country"),
                is_default=flag(0.8),
                updated_at=stamp(millis),
            ),
        ),
        800,
        key=of("id"),
        namespace="com.halden.payments",
        config=COMPACT,
        tombstones=0.08,
    ),
    Topic(
        "payments.transactions.v2",
        Writing.JSON,
        "orders",
        (
            event(
                "Transaction",
                paymentId=of("payment"),
                orderId=of("id"),
                amountCents=derived(WHOLE, lambda o: int(o.total * 100)),
                currency=of("currency"),
                method=label("method", *_METHODS),
                status=pick("AUTHORISED", "CAPTURED", "FAILED"),
                createdAt=stamp(seconds),
            ),
        ),
        700,
        key=of("payment"),
        config=retained(30),
        defects=Defects(rate=0.04, kinds=(as_text("amountCents"), missing("currency"))),
    ),
    Topic(
        "payment-retry-5m",
        Writing.JSON,
        "orders",
        (
            event(
                "PaymentAttempt",
                paymentId=of("payment"),
                attempt=whole(1, 4),
                amount=of("total", REAL),
                currency=of("currency"),
                lastError=pick("timeout", "do_not_honor", "issuer_unavailable", "rate_limited"),
                nextTry=stamp(iso, after=0.1),
            ),
        ),
        320,
        key=of("payment"),
        headers=retried,
        partitions=1,
        config=retained(3),
        hours=20,
    ),
    Topic(
        "payment_gateway_webhooks",
        Writing.JSON,
        "orders",
        (
            event(
                "charge.succeeded",
                "",
                6.0,
                id=code("evt_@@########"),
                type=always("charge.succeeded"),
                created=stamp(seconds),
                data=record(
                    payment=of("payment"),
                    amount=derived(WHOLE, lambda o: int(o.total * 100)),
                    currency=derived(TEXT, lambda o: o.currency.lower()),
                    receipt_email=of("customer.email"),
                ),
            ),
            event(
                "charge.failed",
                "",
                2.0,
                id=code("evt_@@########"),
                type=always("charge.failed"),
                created=stamp(seconds),
                data=record(
                    payment=of("payment"),
                    failure_code=pick("card_declined", "expired_card", "insufficient_funds"),
                    failure_message=phrase(
                        "Declined by issuer", "Card of {0.customer.name} expired"
                    ),
                ),
            ),
            event(
                "payout.paid",
                "",
                1.0,
                id=code("evt_@@########"),
                type=always("payout.paid"),
                created=stamp(seconds),
                data=record(
                    amount=counted(900_000, 0.5), currency=always("eur"), arrival=day(1, 2)
                ),
            ),
        ),
        900,
        partitions=2,
        config=retained(7),
        defects=Defects(cut=0.01),
    ),
)

PRODUCTS = (
    ProductPlan(
        "payment-transactions",
        "Payment Transactions",
        "Every payment attempt and every refund of our shops, as the payment platform books it.",
        "payments-platform",
        ("payments.transactions.v3", "payments.refunds.v1"),
        ("payments", "pci"),
        "3.0.2",
    ),
    ProductPlan(
        "settlements",
        "Settlements",
        "What payment providers paid out to us, payment by payment, with their fees.",
        "treasury",
        ("payments.settlements.v1",),
        ("payments", "reconciliation"),
    ),
    ProductPlan(
        "supplier-payouts",
        "Supplier Payouts",
        "Bank transfers to suppliers for their invoices.",
        "treasury",
        ("payments.payouts.v1",),
        ("supplier", "payments"),
    ),
    ProductPlan(
        "payment-methods",
        "Payment Methods",
        "The tokenised payment methods that a customer has on file; deleted ones are tombstones.",
        "payments-platform",
        ("payments.payment-methods",),
        ("customer", "pci"),
    ),
)

DOMAIN = Domain("payments", TOPICS, PRODUCTS)
