"""A loader with nothing but wasmtime-py and the ABI's calls, and the interpreter of scripts of such calls (../README.md)."""

import json
from importlib.metadata import version

import modes
from wasmtime import Engine, Func, FuncType, Instance, Limits, Memory, MemoryType, Module, Store, Trap, WasmtimeError

ENGINE = Engine()


class HostError(Exception):
    """What an import of the host says."""


class Abi:
    """An instance: its exports, its memory, and what its imports do."""

    def __init__(self, module, builtins, pages=None, maximum=None, abortReturns=False, **_):
        self.store = Store(ENGINE)
        self.builtins = builtins
        self.abort_returns = abortReturns
        # What an import said, which wasmtime wraps.
        self.said = None
        self.names = {}
        imports = [self.imported(of, pages, maximum) for of in module.imports]
        instance = Instance(self.store, module, imports)
        self.exports = instance.exports(self.store)
        self.names = {number: name for name, number in self.table("builtins").items()}

    def imported(self, of, pages, maximum):
        if not isinstance(of.type, FuncType):
            least = of.type.limits.min if pages is None else pages
            self.memory = Memory(self.store, MemoryType(Limits(least, maximum)))
            return self.memory
        does = {"opa_abort": self.abort, "opa_println": lambda _: None}.get(of.name, self.builtin)
        return Func(self.store, of.type, self.guarded(does))

    def guarded(self, does):
        def call(*arguments):
            try:
                return does(*arguments)
            except Exception as error:
                self.said = self.said or str(error)
                raise

        return call

    def abort(self, address):
        if not self.abort_returns:
            raise HostError(f"abort: {self.text(address)}")

    def builtin(self, number, _context, *operands):
        name = self.names.get(number, number)
        if name not in self.builtins:
            raise HostError(f"host: no builtin {name}")
        text = self.builtins[name](*(self.text(self.call("opa_json_dump", operand)) for operand in operands))
        return 0 if text is None else self.value(text)

    def call(self, name, *arguments):
        self.said = None
        try:
            return self.exports[name](self.store, *arguments)
        except (Trap, WasmtimeError, HostError, RuntimeError) as error:
            raise HostError(self.said or f"trap: {error}") from error

    def text(self, address):
        address &= 0xFFFFFFFF
        length, window = self.memory.data_len(self.store), 1 << 12
        kept = bytearray()
        while address < length:
            piece = self.memory.read(self.store, address, min(address + window, length))
            end = piece.find(b"\0")
            if end >= 0:
                kept += piece[:end]
                break
            kept += piece
            address += window
            window *= 2
        return kept.decode("utf-8", "replace")

    def write(self, content, at=None):
        """Writes bytes where the module has room for them, or at an address behind which nothing lies."""
        address = (self.call("opa_malloc", len(content)) if at is None else at) & 0xFFFFFFFF
        missing = address + len(content) - self.memory.data_len(self.store)
        if missing > 0:
            self.memory.grow(self.store, -(-missing // 65536))
        self.memory.write(self.store, content, address)
        return address

    def value(self, text):
        """The value of a JSON text; 0 if it is none."""
        content = text.encode()
        return self.call("opa_json_parse", self.write(content), len(content))

    def table(self, name):
        return json.loads(self.text(self.call("opa_json_dump", self.call(name))))


class Policy:
    def __init__(self, module, builtins):
        self.abi = Abi(module, builtins)
        self.entrypoints = self.abi.table("entrypoints")
        self.base = self.abi.call("opa_heap_ptr_get")
        self.set_data("{}")

    def set_data(self, text):
        self.abi.call("opa_heap_ptr_set", self.base)
        self.data = self.abi.value(text)
        self.end = self.abi.call("opa_heap_ptr_get")

    def read(self, text):
        return None if text is None else text.encode()

    def evaluate(self, question, entrypoint):
        address, length = 0, 0
        if question is not None:
            address, length = self.abi.write(question, self.end), len(question)
        number = self.entrypoints.get(entrypoint, -1)
        return self.abi.text(self.abi.call("opa_eval", 0, number, self.data, address, length, self.end + length, 0))

    def show(self, text):
        return text

    def memory(self):
        return self.abi.memory.data_len(self.abi.store)


class Script:
    """The steps of a script while they run."""

    def __init__(self, module):
        self.module = module
        self.instances, self.variables, self.shown = {}, {}, []

    def number(self, value):
        return self.variables[value] if isinstance(value, str) else value

    def run(self, steps):
        for step in steps:
            try:
                shown = self.step(step)
            except Exception as error:
                shown = str(error)
            if shown is not None:
                self.shown.append(shown)
        return self.shown

    def step(self, step):
        name = next(name for name in step if hasattr(self, f"do_{name}"))
        return getattr(self, f"do_{name}")(**step)

    def do_instance(self, instance, builtins={}, **settings):
        calls = {name: modes.builtin(answer) for name, answer in builtins.items()}
        self.abi = self.instances[instance] = Abi(self.module, calls, **settings)

    def do_use(self, use):
        self.abi = self.instances[use]

    def do_text(self, text, save, at=None):
        content = "".join(piece * times for piece, times in text).encode()
        self.variables[save] = self.abi.write(content, at and self.number(at))
        self.variables[f"{save}.length"] = len(content)

    def do_call(self, call, arguments=(), save=None, read=False):
        result = self.abi.call(call, *(self.number(argument) for argument in arguments))
        if read:
            return self.abi.text(result)
        if save is None:
            return str(result)
        self.variables[save] = result

    def do_copy(self, copy, to, **step):
        other, start = self.instances[copy], self.number(step["from"])
        self.abi.write(bytes(other.memory.read(other.store, start, self.number(to))), start)

    def do_add(self, add, save):
        self.variables[save] = sum(self.number(term) for term in add)

    def do_repeat(self, repeat, steps):
        for _ in range(repeat):
            for step in steps:
                self.step(step)

    def do_read(self, read):
        return self.abi.text(self.number(read))

    def do_keys(self, keys):
        return " ".join(sorted(json.loads(self.abi.text(self.abi.call("opa_json_dump", self.number(keys))))))

    def do_pages(self, pages):
        return str(self.abi.memory.size(self.abi.store))

    def do_global(self, **step):
        return str(self.abi.exports[step["global"]].value(self.abi.store))

    def do_imports(self, imports):
        return " ".join(sorted(of.name for of in self.module.imports))

    def do_exports(self, exports):
        return " ".join(sorted(of.name for of in self.module.exports))


class Loader:
    host = "the ABI's calls"
    engine = f"wasmtime-py {version('wasmtime')}"
    always_answers = False

    def compile(self, path):
        return Module.from_file(ENGINE, str(path))

    def instantiate(self, module, builtins):
        return Policy(module, builtins)

    def script(self, module, steps):
        return Script(module).run(steps)


modes.main(Loader())
