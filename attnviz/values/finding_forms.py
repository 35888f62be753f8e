"""The sentences on a model's card of what was found in it and assumed.

`kind` and `subject` are what reads texts, one of the names at the top; `path` is a layer or THE_MODEL; `reasons` are
further sentences of this table.
"""

from __future__ import annotations

from attnviz.languages import keep, mark

# What reads texts
TEXT_VECTORIZATION = keep("the TextVectorization layer")
KERAS_TOKENIZER = keep("the Keras Tokenizer")
WORD_INDEX = keep("the word index")
VOCABULARY = keep("the vocabulary")
OWN_VOCABULARY = keep("the vocabulary of attnviz")
IMDB_INDEX = keep("the word index of keras.datasets.imdb")
SUB_WORDS = keep("the sub-word tokenizer")
WORD_PIECES = keep("the WordPiece vocabulary")
FUNCTION = mark("the function {name}")
HUB = mark("{name} of keras-hub")
THE_MODEL = keep("The model")

# What the model takes
READ_BY = mark("Texts are read by {kind}.")
SUMMARY = mark("A Keras model of {n} parameters, read by {kind}.")
SUMMARY_OF_TEXTS = mark("A Keras model of {n} parameters that takes texts.")
BETWEEN_SPACES = keep(
    "Words are taken to be what stands between spaces; each is left out together with its punctuation."
)
ONLY_LEFT_OUT = mark("{reasons} So the model can only be asked with words left out.")
UNDECLARED = keep("The model does not say what it takes; it is assumed to take word ids (batch, steps).")
TAKES = mark("The model takes {names}.")

# How the layer TextVectorization makes ids
LAYERS_NEEDED = mark("The model takes texts and has {n} TextVectorization layers, where it needs one.")
NOT_ADAPTED = keep("The TextVectorization layer has no vocabulary: call its adapt() with texts first.")
BAG_OF_WORDS = mark(
    "The TextVectorization layer gives {mode} (a bag of words, in which the words have no places), not ids; only "
    "output_mode='int' can be explained word by word."
)
NGRAMS = keep("The TextVectorization layer reads n-grams, whose words overlap; they can't be shown.")
NO_SPLIT = keep("The TextVectorization layer splits nothing: a whole text is one word for it.")
ENCODING = mark("The TextVectorization layer reads {encoding}; only UTF-8 can be explained.")

# How other tokenizers make ids
SPLIT_ASSUMED = keep(
    "The index says nothing of how texts are split: they are split as the Keras Tokenizer does by default."
)
CHARACTERS = keep("The index holds single characters, so texts are split into characters.")
TWO_MORE = mark("The model knows two ids more than {kind} has words: they are those of padding and unknown words.")
LINES_ASSUMED = mark(
    "The ids are assumed to be the lines of {kind}, counted from 0; if not, give the tokenizer itself."
)
VECTORIZED_CHARACTERS = mark(
    "{subject} is that of a TextVectorization layer; texts are split into characters, which it holds."
)
VECTORIZED_WORDS = mark(
    "{subject} is that of a TextVectorization layer; texts are split as such a layer does by default."
)
IMDB = mark(
    "This is the word index of keras.datasets.imdb: 3 is added to its ids, and every text starts with id 1, as "
    "load_data gives them; words from id {n} on are read as unknown (2)."
)
UNKNOWN = mark("Unknown words are read as {word}.")
STARTS = mark("Every text is assumed to start with {word}; if not, take it out of the index.")
DROPPED = keep(
    "Words that the vocabulary does not hold are dropped before the model sees them (the tokenizer has no word for "
    "unknown ones): they are shown without a score."
)
AS_BERT_LOWERED = keep(
    "The vocabulary is WordPiece: texts are read as BERT does, in small letters, between '[CLS]' and '[SEP]'."
)
AS_BERT = keep(
    "The vocabulary is WordPiece: texts are read as BERT does, in letters as they are (it holds capitals), between "
    "'[CLS]' and '[SEP]'."
)
AS_HUB = keep("Texts are assumed to stand between '[CLS]' and '[SEP]', as keras-hub's preprocessors give them.")

# How many steps are read, and where padding goes
LEAST = mark("It reads no fewer than {n} steps, to which shorter texts are filled up.")
FILLED_AS_SAID = mark("Texts are filled up to {n} steps, as was said.")
FILLED_BY_TOKENIZER = mark("Texts are filled up to {n} steps, as {kind} has it.")
FIXED = mark("The model reads {n} steps; shorter texts are filled up.")
AT_MOST = mark("The model reads at most {n} steps.")
ANY_NUMBER = mark("The model reads any number of steps; attnviz gives it at most {n}.")
OPEN_SAME = keep("Padding does not change the answers (in a trial), so texts are read as long as they are.")
OPEN_MOVED = mark(
    "Texts are read as long as they are, without padding, which would move the answers (by {n} in a trial); if the "
    "model was trained on texts that were filled up, say length=, the number of steps."
)
FIRST_READ = keep("Of a longer text the first words are read.")
LAST_READ = keep("Of a longer text the last words are read.")
LEFT_AS_SAID, RIGHT_AS_SAID = (
    keep("Padding goes to the left, as was said."),
    keep("Padding goes to the right, as was said."),
)
LEFT_BY_TOKENIZER, RIGHT_BY_TOKENIZER = (
    mark("Padding goes to the left, as {kind} has it."),
    mark("Padding goes to the right, as {kind} has it."),
)
RIGHT_SAME = keep("Padding goes to the right; on the left it gives the same answers.")
LEFT_DIFFERS, RIGHT_DIFFERS = (
    mark("Padding goes to the left: there the answers differ {n} times as much between texts."),
    mark("Padding goes to the right: there the answers differ {n} times as much between texts."),
)
LEFT_DIFFERS_MUCH, RIGHT_DIFFERS_MUCH = (
    mark("Padding goes to the left: there the answers differ over {n} times as much between texts."),
    mark("Padding goes to the right: there the answers differ over {n} times as much between texts."),
)
LEFT_ASSUMED = keep(
    "Padding is assumed to go to the left, as keras.utils.pad_sequences has it by default; if the model was trained "
    "with padding on the right, say pad='right'."
)

# Its attention
NONE_ASKED = keep("Attention is not shown, as was asked.")
LEADS_NOWHERE = keep("The attention that was found in the model does not lead to its answer.")
UNREADABLE = mark("The model's attention cannot be read: {reasons}")
NO_ATTENTION = keep("Nothing in the model behaves as attention over the words.")
NONE_SHOWN = keep("No attention of the model is shown: none was found, or none was chosen.")
SHOWN = mark("Attention is shown of {names}.")
LEFT_OUT = mark("Further attention was found and is not shown: {names}.")
MIXED = mark(
    "{path} computes attention weights that keep the texts on another axis than the first, or mixed with others."
)
MANY_AXES = mark("{path} computes attention weights with {n} axes, of which {most} can be shown.")
OTHER_STEPS = mark("{path} attends to {n} steps that are not those of the text.")
IN_LOOP, IN_BRANCH, IN_FUNCTION = (
    mark(
        "{path} computes a softmax inside a loop of TensorFlow, which keeps its steps to itself: if that is "
        "attention, its weights cannot be read."
    ),
    mark(
        "{path} computes a softmax inside a branch of TensorFlow, which keeps its steps to itself: if that is "
        "attention, its weights cannot be read."
    ),
    mark(
        "{path} computes a softmax inside a function of TensorFlow, which keeps its steps to itself: if that is "
        "attention, its weights cannot be read."
    ),
)

# Its answer
ONE_OUTPUT = mark("The model has {n} outputs; the answer is read from the output {name}.")
NUMBERED_OUTPUT = mark("The model has {n} outputs; the answer is read from the output number {place}.")
PROBABILITY = keep("Its one number lies between 0 and 1 and is read as a probability.")
LOGIT = keep("The model gives a logit; a sigmoid makes a probability of it.")
LOGITS = keep("The model gives logits; a softmax makes probabilities of them.")
UNNAMED = keep("The labels have no names, so they are numbered in the order in which the model gives them.")
NO_EMBEDDING = keep("The model has no Embedding of its word ids, so its words have no gradient.")
NO_GRADIENT = mark("{name} has no gradient with respect to {other}.")
