"""What the configuration of a stranger's model may name: everything else is refused.

The tables hold what a text classifier is made of. Left out is what runs code of the file (Lambda, TorchModuleWrapper,
JaxLayer), what reads other files (TFSMLayer), what calls functions while it is loaded (Switch, Cond, Map and their
kind), and what belongs to pictures and sounds. The names are those of Keras 3.12 to 3.15.
"""

from __future__ import annotations

from collections.abc import Mapping

from attnviz.languages import mark


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LAYERS = _names(
    """Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveMaxPooling1D Add AdditiveAttention
    AlphaDropout Attention Average AveragePooling1D AvgPool1D BatchNormalization Bidirectional CategoryEncoding
    Concatenate Conv1D Conv1DTranspose Conv2D Convolution1D Cropping1D Dense DepthwiseConv1D Dot Dropout ELU
    EinsumDense Embedding Flatten GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D
    GlobalAveragePooling2D GlobalAvgPool1D GlobalMaxPool1D GlobalMaxPooling1D GlobalMaxPooling2D GroupNormalization
    GroupQueryAttention Hashing Identity InputLayer IntegerLookup LSTM LSTMCell LayerNormalization LeakyReLU Masking
    MaxPool1D MaxPooling1D MaxPooling2D Maximum Minimum MultiHeadAttention Multiply Normalization PReLU Permute
    RMSNormalization RNN ReLU RepeatVector Rescaling Reshape ReversibleEmbedding SeparableConv1D SimpleRNN
    SimpleRNNCell Softmax SpatialDropout1D SpectralNormalization StackedRNNCells StringLookup Subtract
    TextVectorization ThresholdedReLU TimeDistributed UnitNormalization UpSampling1D ZeroPadding1D"""
)

_INITIALIZERS = _names(
    """Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer LecunNormal LecunUniform
    Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros"""
)

_OPTIMIZERS = _names(
    """Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer Muon Nadam RMSprop SGD"""
)

_SCHEDULES = _names(
    """CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay PiecewiseConstantDecay PolynomialDecay"""
)

_LOSSES = _names(
    """BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy Hinge
    KLDivergence MeanAbsoluteError MeanSquaredError SparseCategoricalCrossentropy SquaredHinge"""
)

_METRICS = _names(
    """AUC Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy CategoricalCrossentropy F1Score
    FalseNegatives FalsePositives Mean MeanMetricWrapper Precision Recall SparseCategoricalAccuracy
    SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy TopKCategoricalAccuracy TrueNegatives TruePositives"""
)

_ARRAY_OPERATIONS = _names(
    """Absolute Add All Any Argmax Argmin Average BroadcastTo Clip Concatenate Cos Cumprod Cumsum Divide DivideNoNan
    Dot Einsum Equal Exp ExpandDims Expm1 Flip FloorDivide FullLike GetItem Greater GreaterEqual Inner Isfinite
    Isinf Isnan Less LessEqual Log Log10 Log1p Log2 Logaddexp LogicalAnd LogicalNot LogicalOr LogicalXor Matmul Max
    Maximum Mean Median Min Minimum Mod Moveaxis Multiply NanToNum Negative NotEqual OnesLike Outer Pad Power Prod
    Ravel Reciprocal Repeat Reshape Roll Round Sign Sin Size Sort Split Sqrt Square Squeeze Stack Std Subtract Sum
    Swapaxes Take TakeAlongAxis Tan Tanh Tensordot Tile Transpose Tril Triu TrueDivide Var Where ZerosLike"""
)

_NETWORK_OPERATIONS = _names(
    """AveragePool Celu Conv DotProductAttention Elu Gelu Glu HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu
    LogSigmoid LogSoftmax MaxPool Moments MultiHot Normalize OneHot RMSNorm Relu Relu6 Selu Sigmoid Silu Softmax
    Softplus Softsign Sparsemax"""
)

KERAS: Mapping[str, frozenset[str]] = {
    "keras": frozenset({"Functional", "Model", "Sequential", "DTypePolicy", "SeedGenerator"}),
    "keras.models": frozenset({"Functional", "Model", "Sequential"}),
    "keras.layers": _LAYERS,
    "keras.random": frozenset({"SeedGenerator"}),
    "keras.initializers": _INITIALIZERS,
    "keras.regularizers": frozenset({"L1", "L1L2", "L2", "OrthogonalRegularizer"}),
    "keras.constraints": frozenset({"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"}),
    "keras.dtype_policies": frozenset({"DTypePolicy"}),
    "keras.optimizers": _OPTIMIZERS,
    "keras.optimizers.schedules": _SCHEDULES,
    "keras.losses": _LOSSES,
    "keras.metrics": _METRICS,
    "keras.src.models.functional": frozenset({"Functional"}),
    "keras.src.models.sequential": frozenset({"Sequential"}),
    "keras.src.ops.numpy": _ARRAY_OPERATIONS,
    "keras.src.ops.nn": _NETWORK_OPERATIONS,
    "keras.src.ops.core": frozenset({"Cast", "ConvertToTensor", "SaturateCast", "Slice", "StopGradient", "Unstack"}),
    "keras.src.ops.math": frozenset({"Erf", "Logsumexp", "Rsqrt", "TopK"}),
    "keras.src.ops.linalg": frozenset({"Norm"}),
    "keras.src.ops.einops": frozenset({"Rearrange"}),
}
"""Classes of Keras by the module that a configuration names."""

KERAS_NAMES = frozenset().union(*KERAS.values())
"""The same without their modules, as older files name them."""

_HUB_MODELS = _names("""Albert Bert DebertaV3 DistilBert Electra FNet GPT2 Roberta XLMRoberta""")

KERAS_HUB = _names(
    """AlibiBias CachedMultiHeadAttention FNetEncoder MultiSegmentPacker PositionEmbedding ReversibleEmbedding
    RotaryEmbedding SinePositionEncoding StartEndPacker TokenAndPositionEmbedding TransformerDecoder
    TransformerEncoder BytePairTokenizer SentencePieceTokenizer WordPieceTokenizer DisentangledAttentionEncoder
    DisentangledSelfAttention RelativeEmbedding"""
) | {
    f"{model}{part}"
    for model in _HUB_MODELS
    for part in ("Backbone", "TextClassifier", "Classifier", "Tokenizer", "TextClassifierPreprocessor", "Preprocessor")
}
"""Classes of keras-hub, where that is installed."""

OWN = _names(
    """Attention MaskedSoftmax LastState LuongAttention DotProductAttention AdditiveAttention FeaturewiseAttention
    TemperatureSoftmax WeightedSum PositionEmbedding MultiHeadWeights MultiHeadSum MaskedMean"""
)
"""attnviz' own layers, by the names under which they are registered after 'attnviz>'."""

ACTIVATIONS = _names(
    """celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear
    log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus
    sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink threshold"""
)
"""The only functions that a configuration may name."""

PLAIN = frozenset({"__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__"})
"""Values that Keras writes like classes."""

_CODE = mark("The model holds Python code.")
_CALLS = mark("The model calls functions while it is loaded.")
REFUSED: Mapping[str, str] = {
    "Lambda": mark("The model holds Python code (a Lambda layer)."),
    "__lambda__": mark("The model holds Python code (a lambda)."),
    "TFSMLayer": mark("The model loads another file (a TensorFlow SavedModel)."),
    "TorchModuleWrapper": mark("The model holds Python code (a PyTorch module)."),
    "JaxLayer": _CODE,
    "FlaxLayer": _CODE,
    **dict.fromkeys(
        _names("Switch Cond Map Scan AssociativeScan WhileLoop ForiLoop VectorizedMap JVP MapCoordinates"), _CALLS
    ),
}
"""What is refused with a reason of its own, a sentence."""
