"""The chat page: Gradio Blocks, chat beside the article."""
