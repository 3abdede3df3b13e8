"""Where a language writes numbers or dates in another way than Django knows."""
