// globmatch/glob no match with character-list matchers
import type { Entrypoints } from "./413.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
