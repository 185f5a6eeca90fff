"""The commands' names, options and help texts, a file a group; what they do is one level up."""
