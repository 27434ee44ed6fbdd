"""What platforms say: handles, claims, proofs, and the histories read from them."""
