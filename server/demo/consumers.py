"""Who reads the fleet: consumer groups by the convention `<team>.<application>`.

Each group has read a share of what its topics hold: all of it, most of it, or little because it
was stopped long ago.
"""

from __future__ import annotations

from dataclasses import dataclass

CAUGHT_UP, BEHIND, LAGGING, STOPPED = 1.0, 0.985, 0.8, 0.12


@dataclass(frozen=True, slots=True)
class Group:
    """`read` is the share of each partition that it has committed."""

    id: str
    read: float
    topics: tuple[str, ...]


_SUPPLIERS = "procurement.supplier-master.v1"
_RISK = "risk.supplier-risk-scores.v2"
_ORDERS = "orders.orders.v4"
_ORDER_EVENTS = "orders.order-events.v1"
_TRANSACTIONS = "payments.transactions.v3"
_SHIPMENTS = "logistics.shipments.v2"
_TRACKING = "logistics.shipment-tracking.v2"
_PROFILES = "crm.customer-profile.v2"
_CATALOG = "inventory.product-catalog.v5"
_STOCK = "inventory.stock-levels.v2"
_INVOICES = "finance.supplier-invoices.v2"
_PURCHASES = "procurement.purchase-orders.v2"
_TICKETS = "support.tickets.v1"
_ANOMALIES = "order-anomaly-detection"

GROUPS = (
    Group(
        "data-warehouse.kafka-sink",
        BEHIND,
        (
            _SUPPLIERS,
            _RISK,
            _ORDERS,
            _ORDER_EVENTS,
            _TRANSACTIONS,
            _SHIPMENTS,
            _PROFILES,
            _CATALOG,
            _INVOICES,
            _TICKETS,
            "orders.returns.v1",
            "web.clickstream.v2",
            "hr.employees.v1",
            "finance.general-ledger.v1",
            "marketing.campaign-performance",
        ),
    ),
    Group("purchasing.po-service", CAUGHT_UP, (_SUPPLIERS, _PURCHASES, "procurement.contracts.v1")),
    Group("purchasing.supplier-portal", CAUGHT_UP, (_SUPPLIERS,)),
    Group("purchasing.sourcing-advisor", BEHIND, (_RISK,)),
    Group("purchasing.legacy-sync", STOPPED, ("supplier-events", "vendor_import_csv")),
    Group("accounts-payable.invoice-matching", CAUGHT_UP, (_SUPPLIERS, _PURCHASES, _INVOICES)),
    Group("treasury.payout-runner", CAUGHT_UP, (_SUPPLIERS, _INVOICES, "payments.settlements.v1")),
    Group("treasury.payment-hold", CAUGHT_UP, (_RISK,)),
    Group("supplier-risk.feature-builder", BEHIND, (_SUPPLIERS, _PURCHASES, "supplier-events")),
    Group("supplier-risk.shadow-compare", LAGGING, ("ml-output-supplier-risk-v4",)),
    Group("compliance.screening", CAUGHT_UP, (_SUPPLIERS,)),
    Group("compliance.watchlist", BEHIND, (_RISK, "risk.sanctions-screening.v1")),
    Group("customs.declaration-service", CAUGHT_UP, (_SUPPLIERS, _PURCHASES, _SHIPMENTS)),
    Group(
        "demand-planning.replenishment",
        BEHIND,
        (_SUPPLIERS, _CATALOG, _STOCK, "inventory.stock-movements.v2"),
    ),
    Group("demand-planning.dual-sourcing", LAGGING, (_RISK,)),
    Group("product-data.catalog-enricher", CAUGHT_UP, (_SUPPLIERS, _CATALOG)),
    Group(
        "controlling.spend-cube",
        LAGGING,
        (_SUPPLIERS, _INVOICES, "finance.budget-actuals", "finance.exchange-rates"),
    ),
    Group("controlling.risk-report", LAGGING, (_RISK,)),
    Group("executives.board-pack", STOPPED, (_RISK, "logistics.delivery-performance.daily")),
    Group("quality-assurance.supplier-scorecard", BEHIND, (_SUPPLIERS,)),
    Group(
        "quality-assurance.audit-planner",
        BEHIND,
        (_RISK, "manufacturing.quality-inspections.v1", "procurement.supplier-certificates.v1"),
    ),
    Group("transport-planning.inbound-slots", CAUGHT_UP, (_SUPPLIERS, _PURCHASES)),
    Group("transport-planning.carrier-choice", CAUGHT_UP, ("logistics.carrier-rates", _SHIPMENTS)),
    Group("team-a.supplier-cache", CAUGHT_UP, ("supplier-events",)),
    Group("team-b.vendor-loader", LAGGING, ("supplier_data_raw", "vendor_import_csv")),
    Group("bi.excel-refresh", STOPPED, ("supplier_data_raw", "workday_export")),
    Group("data-science.model-monitor", BEHIND, ("ml-output-supplier-risk-v4", "fraud-alerts")),
    Group("data-science.churn-training", STOPPED, ("crm.customer-segments", _PROFILES)),
    Group("fraud-team.cases", CAUGHT_UP, ("fraud-alerts", _ANOMALIES, "risk.chargebacks.v1")),
    Group("fraud-team.feature-store", BEHIND, (_TRANSACTIONS, "fraud_features_online")),
    Group("order-platform.order-hold", CAUGHT_UP, ("fraud-alerts", _ANOMALIES)),
    Group("order-platform.state-machine", CAUGHT_UP, (_ORDER_EVENTS, _TRANSACTIONS, _SHIPMENTS)),
    Group("order-platform.v3-bridge", STOPPED, ("orders.orders.v3", "orderService.orderCreated")),
    Group("order-platform.dlq-replay", STOPPED, ("orders.DLQ",)),
    Group("customer-service.agent-desktop", CAUGHT_UP, (_ORDERS, _TRACKING, _PROFILES, _TICKETS)),
    Group("customer-service.anomaly-queue", BEHIND, (_ANOMALIES, "support.csat-surveys")),
    Group("payments-platform.ledger", CAUGHT_UP, (_TRANSACTIONS, "payments.refunds.v1")),
    Group("payments-platform.retry-worker", CAUGHT_UP, ("payment-retry-5m",)),
    Group("payments-platform.webhook-intake", BEHIND, ("payment_gateway_webhooks",)),
    Group("accounting.journal-writer", CAUGHT_UP, (_TRANSACTIONS, "payments.settlements.v1")),
    Group("accounting.sap-bridge", LAGGING, ("sap_fi_documents", "finance.general-ledger.v1")),
    Group("tax.oss-report", LAGGING, ("finance.tax-determinations.v1", "orders.order-lines.v4")),
    Group("warehouse-operations.wave-planner", CAUGHT_UP, (_ORDER_EVENTS, _STOCK)),
    Group("warehouse-operations.wms-link", BEHIND, ("wms_events", "inventory.warehouse-tasks.v1")),
    Group("inventory-control.stock-audit", LAGGING, (_STOCK, "inventory.stock-movements.v2")),
    Group("web-shop.availability", CAUGHT_UP, (_STOCK, _CATALOG)),
    Group("web-shop.tracking-page", CAUGHT_UP, (_TRACKING, "tracking-webhooks-carrier")),
    Group("web-analytics.sessionizer", BEHIND, ("web.clickstream.v2", "ga4_export_raw")),
    Group("crm-marketing.journeys", BEHIND, (_PROFILES, "crm.customer-consent.v1", _ORDER_EVENTS)),
    Group("crm-marketing.segments", LAGGING, ("crm.customer-segments", "crm.loyalty-points.v1")),
    Group("privacy-office.consent-ledger", CAUGHT_UP, ("crm.customer-consent.v1",)),
    Group("customer-data.salesforce-merge", LAGGING, ("salesforce_contacts_cdc",)),
    Group("people-systems.access-sync", CAUGHT_UP, ("hr.employees.v1", "hr.absences.v1")),
    Group("workforce-management.payroll", BEHIND, ("hr.time-tracking.v1", "hr.absences.v1")),
    Group(
        "smart-factory.condition-monitoring",
        CAUGHT_UP,
        ("manufacturing.machine-telemetry.v3", "iot.sensors.temperature", "mqtt-bridge-plant-2"),
    ),
    Group(
        "production-planning.oee-dashboard",
        LAGGING,
        ("manufacturing.work-orders.v1", "manufacturing.downtime-events.v1"),
    ),
    Group("shipping.fleet-map", STOPPED, ("fleet_gps_raw",)),
    Group("platform-team.log-shipper", BEHIND, ("webshop.access-log",)),
    Group("console-consumer-48213", STOPPED, ("payments.transactions.v2",)),
)
