/** How many variants dashes may make of one rule value: six of them under `windash` are 15,625. */
export const MAX_DASH_VARIANTS = 20_000;
/** How many alternatives one rule value may become: placeholders hold lists of addresses and hashes. */
export const MAX_ALTERNATIVES = 200_000;
