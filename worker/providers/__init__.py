"""One package a provider: request building, reply parsing, an error table with decisions. No queue knowledge."""
