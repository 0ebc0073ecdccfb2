// comprehensions/object conflict
import type { Entrypoints } from "./212.policy.js";
export {};
