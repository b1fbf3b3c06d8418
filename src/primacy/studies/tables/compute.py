"""Result tables of the compute study."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

_PER_MILLION = "US dollars per million tokens"
_WH = "watt-hours per million tokens"
CHIP = Column("chip", "string", "name of the chip", nullable=False)
MAKER_COUNTRY = Column("maker_country", "string", "ISO 3166-1 alpha-2 of its maker")
DESTINATION = Column(
    "destination", "string", "ISO 3166-1 alpha-2 of the country that it would go to", nullable=False
)
STATUS = Column("status", "string", "unrestricted | case_by_case | restricted | unknown", nullable=False)
RULE = Column("rule", "string", "the rule that decided")
REASON = Column("reason", "string", "why, in words")

CHIPS = Table(
    "chips",
    "a chip's export status on the day of the newest rule, for China",
    (
        CHIP,
        MAKER_COUNTRY,
        Column(
            "tpp",
            "double",
            "total processing performance: dense peak x bit length",
            unit="tera-(bit-operations per second)",
        ),
        Column("performance_density", "double", "tpp over the area of the die", unit="tpp per mm²"),
        Column("memory_bandwidth", "double", "memory bandwidth", unit="10⁹ bytes per second"),
        Column("on", "string", "the day asked about, ISO 8601", nullable=False),
        DESTINATION,
        STATUS,
        RULE,
        REASON,
        Column("notice", "string", "the rule under which it may go once notified"),
    ),
    key=("chip", "on", "destination"),
)

CHIP_TIMELINE = Table(
    "chip_timeline",
    "a period in which a chip's status for China did not change",
    (
        CHIP,
        MAKER_COUNTRY,
        DESTINATION,
        Column("since", "string", "first day; null: from the beginning"),
        Column("until", "string", "last day; null: still"),
        STATUS,
        RULE,
        REASON,
    ),
    key=("chip", "since"),
)

CHIP_COUNTS = Table(
    "chip_counts",
    "how many chips have each status on a day",
    (
        Column("on", "string", "the day, ISO 8601", nullable=False),
        DESTINATION,
        Column("unrestricted", "int64", "chips that may go", unit="chips"),
        Column("case_by_case", "int64", "chips for which a licence is decided case by case", unit="chips"),
        Column("restricted", "int64", "chips that may not go", unit="chips"),
        Column("unknown", "int64", "chips whose numbers do not decide", unit="chips"),
    ),
    key=("on",),
)

COUNTRY = Column("country", "string", "ISO 3166-1 alpha-2 of the site", nullable=False)
CAPACITY = Column(
    "capacity",
    "double",
    "sum over clusters, in the unit of the measure: H100-equivalents, operations, megawatts",
)
SHARE = Column(
    "share", "double", "of the capacity of clusters whose country and measure are known", unit="share"
)
RANK = Column("rank", "int64", "1 + number of countries with more")
SYSTEMS = Column("systems", "int64", "clusters summed", unit="clusters")
CONFIRMED = Column("confirmed", "double", "capacity of those that certainly exist, in the unit of capacity")
UNMEASURED = Column("unmeasured", "int64", "the country's clusters without the measure", unit="clusters")
COVERAGE = Column(
    "coverage", "double", "clusters summed over clusters that count, all countries", unit="share"
)
_INTERVAL = (
    Column("low", "double", "2.5 percentile of share over what may not exist", unit="share"),
    Column("high", "double", "97.5 percentile of share over what may not exist", unit="share"),
)
_ASKED = (
    Column("on", "string", "the day asked about, ISO 8601", nullable=False),
    Column("measure", "string", "h100e | flops16 | megawatts", nullable=False),
)
_CLUSTERS = (COUNTRY, CAPACITY, SHARE, RANK, SYSTEMS, *_INTERVAL, CONFIRMED, UNMEASURED, COVERAGE, *_ASKED)
STANDARD = Column("standard", "bool", "only clusters of the source's standard analysis", nullable=False)

CLUSTERS = Table("clusters", "a country's capacity on the newest day", _CLUSTERS, key=("country",))
CLUSTER_VARIANTS = Table(
    "cluster_variants",
    "a country's capacity by one measure, with or without the standard filter",
    (*_CLUSTERS, STANDARD),
    key=("measure", "standard", "country"),
)
CLUSTERS_BY_YEAR = Table(
    "clusters_by_year",
    "a country's capacity at the end of a year",
    (*_CLUSTERS, STANDARD),
    key=("on", "standard", "country"),
)
CLUSTERS_PLANNED = Table(
    "clusters_planned",
    "a country's planned capacity",
    (COUNTRY, CAPACITY, SHARE, RANK, SYSTEMS, CONFIRMED, UNMEASURED, COVERAGE),
    key=("country",),
)
CLUSTER_OWNERS = Table(
    "cluster_owners",
    "an owner's capacity; several owners share a cluster equally",
    (
        Column("owner", "string", "as the source names it", nullable=False),
        CAPACITY,
        Column("share", "double", "of the capacity whose owner is known", unit="share"),
        Column("rank", "int64", "1 + number of owners with more"),
        Column(
            "hhi",
            "double",
            "Herfindahl-Hirschman index of the owners' shares, on every row",
            unit="0 to 10,000",
        ),
        Column("coverage", "double", "clusters whose owner is known over clusters that count", unit="share"),
    ),
    key=("owner",),
)

MODEL = Column("model", "string", "the provider's own id of the model", nullable=False)
PROVIDER = Column("provider", "string", "who sells it")
INPUT = Column("input", "double", "price of input", unit=_PER_MILLION)
OUTPUT = Column("output", "double", "price of output", unit=_PER_MILLION)
BLENDED = Column("blended", "double", "(3 x input + output) / 4", unit=_PER_MILLION)
OPEN_WEIGHTS = Column("open_weights", "bool", "the price row's own flag; null where it is blank")
SELF_HOST = Column(
    "self_host_usd", "double", "cost of serving oneself", unit="US dollars per million output tokens"
)
BREAK_EVEN = Column(
    "break_even_utilization",
    "double",
    "utilisation above which serving is cheaper than the price; above 1: never",
    unit="share",
)
KEY = Column("key", "string", "the model's name as it is matched across sources")
_CONFIGURATION = (
    Column("measured_model", "string", "Hugging Face id of the model whose energy was measured"),
    Column("gpu", "string", "the GPU it was measured on"),
    Column("gpus", "int32", "how many of them"),
)
TOKENS_PER_SECOND = Column(
    "tokens_per_second", "double", "throughput of all the GPUs", unit="tokens per second"
)
WH = Column("wh_per_million", "double", "measured energy of the GPUs per output", unit=_WH)
PARAMETERS = Column("parameters_billion", "double", "size of the model", unit="10⁹ parameters")

_TOKENS = (
    MODEL,
    PROVIDER,
    OPEN_WEIGHTS,
    INPUT,
    OUTPUT,
    BLENDED,
    WH,
    SELF_HOST,
    Column("name", "string", "display name"),
    Column("first_party", "bool", "the seller is the maker"),
    *_CONFIGURATION,
    TOKENS_PER_SECOND,
    BREAK_EVEN,
    PARAMETERS,
    Column("wh_per_million_modelled_low", "double", "energy by EcoLogits' model, lower end", unit=_WH),
    Column("wh_per_million_modelled_high", "double", "energy by EcoLogits' model, upper end", unit=_WH),
    Column("sizes_guessed", "bool", "whether that model had to guess the size"),
    Column("shared_key_rows", "int64", "rows with this provider and model; above 1: an id cut off upstream"),
    KEY,
    Column("line", "int64", "line of the price file"),
)

TOKENS = Table("tokens", "a provider's price of a model", _TOKENS, key=("line",))
TOKEN_SHARED_KEYS = Table(
    "token_shared_keys", "a price that shares provider and model with another", _TOKENS, key=("line",)
)
TOKEN_PRICE_LEVELS = Table(
    "token_price_levels",
    "the prices of open, closed and unflagged models",
    (
        OPEN_WEIGHTS,
        Column("prices", "int64", "prices listed", unit="prices"),
        Column("free", "int64", "those that are 0", unit="prices"),
        Column("median_input", "double", "median of input", unit=_PER_MILLION),
        Column("median_output", "double", "median of output", unit=_PER_MILLION),
        Column("median_blended", "double", "median of blended", unit=_PER_MILLION),
        Column("median_blended_paid", "double", "median of blended without the free ones", unit=_PER_MILLION),
        Column("lowest", "double", "least blended", unit=_PER_MILLION),
        Column("highest", "double", "greatest blended", unit=_PER_MILLION),
    ),
    key=("open_weights",),
)
TOKEN_HOSTS = Table(
    "token_hosts",
    "a model and who sells it, blended prices",
    (
        KEY,
        MODEL,
        Column("hosts", "int64", "providers that sell it", unit="providers"),
        Column("cheapest_usd", "double", "the lowest price", unit=_PER_MILLION),
        Column("cheapest_provider", "string", "who asks it"),
        Column("median_usd", "double", "the median price", unit=_PER_MILLION),
        Column(
            "first_party_usd",
            "double",
            "the maker's price; null where it does not sell it",
            unit=_PER_MILLION,
        ),
        SELF_HOST,
        BREAK_EVEN,
    ),
    key=("key",),
)
TOKEN_PRICE_EVENTS = Table(
    "token_price_events",
    "a price that was listed, corrected, changed or withdrawn",
    (
        PROVIDER,
        MODEL,
        Column("tier", "string", "standard, batch, fast, …"),
        Column("date", "string", "ISO 8601"),
        Column("event", "string", "listed | correction | market | withdrawn | returned"),
        Column("basis", "string", "what the date rests on"),
        Column("before", "double", "blended price before", unit=_PER_MILLION),
        Column("after", "double", "blended price after", unit=_PER_MILLION),
        Column("ratio", "double", "after over before", unit="times"),
    ),
    key=("provider", "model", "tier", "date", "event"),
)
TOKEN_PRICE_CHECK = Table(
    "token_price_check",
    "a price that two catalogues state",
    (
        PROVIDER,
        MODEL,
        INPUT,
        OUTPUT,
        Column("reference_input", "double", "input in the second catalogue", unit=_PER_MILLION),
        Column("reference_output", "double", "output in the second catalogue", unit=_PER_MILLION),
        Column("agree", "bool", "both within a tenth of a per cent"),
    ),
    key=("provider", "model"),
)
SELF_HOSTING = Table(
    "self_host",
    "a measured model on a GPU at a utilisation",
    (
        *_CONFIGURATION,
        Column("concurrency", "int32", "requests served at once"),
        Column("precision", "string", "of the weights"),
        PARAMETERS,
        TOKENS_PER_SECOND,
        WH,
        Column("gpu_hour_usd", "double", "rent of one GPU", unit="US dollars an hour"),
        Column("utilization", "double", "part of the time in which it serves", unit="share"),
        SELF_HOST,
    ),
    key=("measured_model", "gpu", "utilization"),
)

SCENARIO = Column("scenario", "string", "id of the scenario", nullable=False)
USABLE_COMPUTE = Table(
    "usable_compute",
    "the tokens that a country can serve in a scenario, and their cost; medians with 90 % intervals",
    (
        SCENARIO,
        COUNTRY,
        Column("tokens_per_day", "double", "median over the draws", unit="tokens a day"),
        Column("tokens_per_day_low", "double", "5th percentile", unit="tokens a day"),
        Column("tokens_per_day_high", "double", "95th percentile", unit="tokens a day"),
        Column("usd_per_million", "double", "median cost of a million", unit=_PER_MILLION),
        Column("usd_per_million_low", "double", "5th percentile", unit=_PER_MILLION),
        Column("usd_per_million_high", "double", "95th percentile", unit=_PER_MILLION),
        Column(
            "viable",
            "double",
            "part of the draws in which electricity costs less than the market pays",
            unit="share",
        ),
        Column("installed_h100e", "double", "listed capacity", unit="H100-equivalents"),
        Column("allowed_low", "double", "5th percentile of the part that the rules allow", unit="share"),
        Column("allowed_high", "double", "95th percentile of it", unit="share"),
        Column("on", "string", "the day, ISO 8601"),
    ),
    key=("scenario", "country"),
)
USABLE_TORNADO = Table(
    "usable_tornado",
    "what one input does to an output of a scenario",
    (
        SCENARIO,
        COUNTRY,
        Column("output", "string", "tokens_per_day | usd_per_million", nullable=False),
        Column("input", "string", "the input", nullable=False),
        Column("rank", "int64", "place by swing"),
        Column("at_5", "double", "the output with the input at its 5th percentile, others at their medians"),
        Column("at_95", "double", "the output with the input at its 95th percentile"),
        Column("swing", "double", "the difference between the two"),
        Column(
            "importance", "double", "part of the output's variance in ranks that goes with it", unit="share"
        ),
    ),
    key=("scenario", "country", "output", "input"),
)
USABLE_INPUTS = Table(
    "usable_inputs",
    "an input of a scenario and where it comes from",
    (
        SCENARIO,
        COUNTRY,
        Column("input", "string", "the input", nullable=False),
        Column("least", "double", "the least it may be, in its unit"),
        Column("likeliest", "double", "the likeliest, in its unit"),
        Column("greatest", "double", "the greatest it may be, in its unit"),
        Column("unit", "string", "its unit"),
        Column("source", "string", "who states it"),
        Column("date", "string", "when"),
    ),
    key=("scenario", "country", "input"),
)
