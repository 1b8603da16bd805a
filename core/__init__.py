"""Pure logic: schemas, decoding, inference. No I/O, no models, no clients."""
