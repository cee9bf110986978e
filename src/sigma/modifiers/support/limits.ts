/** How many variants `windash` may make of one rule value. Six dashes make 15,625. */
export const MAX_DASH_VARIANTS = 20_000;
/** How many alternatives one rule value may become. Lists of addresses and hashes for placeholders are long. */
export const MAX_ALTERNATIVES = 200_000;
