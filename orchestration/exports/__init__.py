"""Tables, segments and metrics as files: streamed, whole or not there at all."""
