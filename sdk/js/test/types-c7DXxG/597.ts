// jsonbuiltins/marshal_with_options-deep-array
import type { Entrypoints } from "./597.policy.js";
const answer: Entrypoints["test/p"]["result"] = "[\n    [\n        [\n            [\n                [\n                    [\n                        []\n                    ]\n                ]\n            ]\n        ]\n    ]\n]";
export {};
