"""The demo fleet's topics, one file for each business domain."""

from server.demo.domains import (
    customers,
    finance,
    inventory,
    logistics,
    manufacturing,
    marketing,
    orders,
    payments,
    people,
    procurement,
    risk,
    support,
)

DOMAINS = tuple(
    module.DOMAIN
    for module in (
        procurement,
        risk,
        payments,
        orders,
        logistics,
        customers,
        marketing,
        people,
        manufacturing,
        finance,
        inventory,
        support,
    )
)
