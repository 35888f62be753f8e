"""A Keras model as a traced graph, in which any tensor can be read, replaced and differentiated."""
