"""One package a provider: requests, replies, an error table with decisions. No queue knowledge."""
