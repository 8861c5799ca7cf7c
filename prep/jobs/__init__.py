"""What goes on without anybody at a page: messages are written and sent."""
