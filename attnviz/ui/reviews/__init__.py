"""The page Reviews: `page` is the editor and its answer, `sections` lists what stands under it."""
