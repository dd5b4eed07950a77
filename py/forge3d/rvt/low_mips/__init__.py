"""Low mips: the coarsest levels, built once and streamed from then on."""
