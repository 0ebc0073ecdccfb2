// cryptohmacequal/crypto.hmac.equal_sha512
import type { Entrypoints } from "./222.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true];
const given = {"mac1":"24257d7210582a65c731ec55159c8184cc24c02489453e58587f71f44c23a2d61b4b72154a89d17b2d49448a8452ea066f4fc56a2bcead45c088572ffccdb3d8","mac2":"24257d7210582a65c731ec55159c8184cc24c02489453e58587f71f44c23a2d61b4b72154a89d17b2d49448a8452ea066f4fc56a2bcead45c088572ffccdb3d8"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
