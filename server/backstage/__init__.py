"""What Backstage reads: entities for its catalog, and a template that has a product drafted."""
