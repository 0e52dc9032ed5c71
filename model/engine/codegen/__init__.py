"""From equations to machine code: terms, straight lines of instructions, the march around them."""
