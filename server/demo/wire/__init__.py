"""How the demo's producers write their values, and the schemas that they register."""
