"""The console, projects, and checks of them."""
