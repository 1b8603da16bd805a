"""Who may change a product: its owner's team, and those who decide on plans."""

from __future__ import annotations

from core.request import current
from server.principal import Principal, forbidden, require_owner
from tools.db.products import Deed, ProductRepository


def deed(principal: Principal, action: str) -> Deed:
    return Deed(principal.ref, f"product.{action}", current.get())


async def require(products: ProductRepository, principal: Principal, product_id: str) -> None:
    """Raises a problem (403) where the product is another team's."""
    if not principal.may_decide:
        require_owner(principal, (await products.get(product_id, deleted=True)).owner)


def require_decider(principal: Principal) -> None:
    if not principal.may_decide:
        raise forbidden(
            f"{principal.ref} may not activate a product. It takes the role steward or admin."
        )
