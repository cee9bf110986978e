/** How many alternatives one rule value may become (six dashes under `windash` are 15,625). */
export const MAX_ALTERNATIVES = 20_000;
