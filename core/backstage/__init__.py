"""Topics and products as entities of Backstage's software catalog."""
