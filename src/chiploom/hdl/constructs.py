"""The policy's tables: constructs of the language, and what a submission may do with them."""

from __future__ import annotations

from typing import Any

from pyslang import parsing, syntax

from chiploom.hdl.names import names

Kind = syntax.SyntaxKind

#: Constructs refused wherever they stand: kind -> (code, name of the construct in the message).
REFUSED: dict[Any, tuple[str, str]] = {
    Kind.ProceduralForceStatement: ("force-refused", "force"),
    Kind.ProceduralReleaseStatement: ("force-refused", "release"),
    Kind.ProceduralAssignStatement: ("assign-in-always", "assign"),
    Kind.ProceduralDeassignStatement: ("force-refused", "deassign"),
    Kind.BindDirective: ("outside-access-refused", "bind"),
    Kind.ConfigDeclaration: ("outside-access-refused", "config"),
    Kind.LibraryDeclaration: ("outside-access-refused", "library"),
    Kind.LibraryIncludeStatement: ("outside-access-refused", "include"),
    Kind.DefParam: ("outside-access-refused", "defparam"),
    Kind.DPIImport: ("foreign-code-refused", 'import "DPI"'),
    Kind.DPIExport: ("foreign-code-refused", 'export "DPI"'),
    Kind.ProgramDeclaration: ("testbench-construct", "program"),
    Kind.ClassDeclaration: ("testbench-construct", "class"),
    Kind.CovergroupDeclaration: ("testbench-construct", "covergroup"),
    Kind.CheckerDeclaration: ("testbench-construct", "checker"),
    Kind.ClockingDeclaration: ("testbench-construct", "clocking"),
    Kind.RandCaseStatement: ("testbench-construct", "randcase"),
    Kind.RandSequenceStatement: ("testbench-construct", "randsequence"),
    Kind.VirtualInterfaceType: ("testbench-construct", "virtual interface"),
    Kind.FinalBlock: ("testbench-construct", "final"),
    Kind.WaitStatement: ("not-hardware", "wait"),
    Kind.WaitForkStatement: ("not-hardware", "wait fork"),
    Kind.WaitOrderStatement: ("not-hardware", "wait_order"),
    Kind.DisableStatement: ("not-hardware", "disable"),
    Kind.DisableForkStatement: ("not-hardware", "disable fork"),
    Kind.ForeverStatement: ("not-hardware", "forever"),
    Kind.ParallelBlockStatement: ("not-hardware", "fork"),
    Kind.BlockingEventTriggerStatement: ("not-hardware", "->"),
    Kind.NonblockingEventTriggerStatement: ("not-hardware", "->>"),
    Kind.EventType: ("not-hardware", "event"),
    Kind.RealType: ("not-hardware", "real"),
    Kind.ShortRealType: ("not-hardware", "shortreal"),
    Kind.RealTimeType: ("not-hardware", "realtime"),
    Kind.StringType: ("not-hardware", "string"),
    Kind.CHandleType: ("not-hardware", "chandle"),
    Kind.QueueDimensionSpecifier: ("not-hardware", "[$]"),
    Kind.WildcardDimensionSpecifier: ("not-hardware", "[*]"),
    Kind.NewArrayExpression: ("not-hardware", "new[]"),
    Kind.UdpDeclaration: ("not-hardware", "primitive"),
    Kind.ExternUdpDecl: ("not-hardware", "extern primitive"),
    Kind.NetTypeDeclaration: ("not-hardware", "nettype"),
    Kind.NetAlias: ("not-hardware", "alias"),
    Kind.DriveStrength: ("not-hardware", "(strong0, strong1)"),
    Kind.PullStrength: ("not-hardware", "(pull0)"),
    Kind.ChargeStrength: ("not-hardware", "(small)"),
    Kind.CycleDelay: ("not-hardware", "##"),
    Kind.OneStepDelay: ("not-hardware", "#1step"),
    Kind.ImmediateAssumeStatement: ("assume-refused", "assume"),
    Kind.AssumePropertyStatement: ("assume-refused", "assume property"),
    Kind.RestrictPropertyStatement: ("assume-refused", "restrict property"),
}

#: Constructs that change nothing in the circuit: ignored with a warning.
IGNORED: dict[Any, tuple[str, str]] = {
    Kind.ImmediateAssertStatement: ("assertion-ignored", "assert"),
    Kind.ImmediateCoverStatement: ("assertion-ignored", "cover"),
    Kind.AssertPropertyStatement: ("assertion-ignored", "assert property"),
    Kind.CoverPropertyStatement: ("assertion-ignored", "cover property"),
    Kind.CoverSequenceStatement: ("assertion-ignored", "cover sequence"),
    Kind.ExpectPropertyStatement: ("assertion-ignored", "expect"),
    Kind.SpecifyBlock: ("specify-ignored", "specify"),
}

#: Constructs that reach beyond the module they stand in, so that it does not matter whether the module is used.
EVERYWHERE = frozenset(
    {
        Kind.BindDirective,
        Kind.ConfigDeclaration,
        Kind.LibraryDeclaration,
        Kind.LibraryIncludeStatement,
        Kind.DefParam,
        Kind.DPIImport,
        Kind.DPIExport,
    }
)

LOOKED_AT = frozenset(
    {
        Kind.AlwaysBlock,
        Kind.AlwaysCombBlock,
        Kind.AlwaysFFBlock,
        Kind.AlwaysLatchBlock,
        Kind.InitialBlock,
        Kind.TimingControlStatement,
        Kind.TimingControlExpression,
        Kind.DelayControl,
        Kind.Delay3,
        Kind.SystemName,
        Kind.ElabSystemTask,
        Kind.AttributeSpec,
        Kind.NetDeclaration,
        Kind.NetPortHeader,
        Kind.ContinuousAssign,
        Kind.PrimitiveInstantiation,
        Kind.VariableDimension,
        Kind.IffEventClause,
        Kind.ScopedName,
        Kind.IntegerVectorExpression,
        Kind.UnbasedUnsizedLiteralExpression,
        Kind.MultipleConcatenationExpression,
        Kind.FunctionDeclaration,
        Kind.TaskDeclaration,
    }
)

#: Every kind the survey has to keep.
KINDS = LOOKED_AT | frozenset(REFUSED) | frozenset(IGNORED)

#: Macros by which tools know themselves: a text that reads differently in one of them is not one design.
TOOL_MACROS = names(
    """
    VERILATOR SYNTHESIS __ICARUS__ YOSYS FORMAL SIMULATION SIM COCOTB_SIM RTL_SIMULATION MODEL_TECH MODELSIM QUESTA
    VCS XCELIUM INCA NCVERILOG CADENCE SYNOPSYS DC SYNPLIFY SYNPLICITY XILINX XILINX_SIMULATOR XSIM VIVADO ALTERA
    QUARTUS INTEL_FPGA LATTICE EFINITY GOWIN RISCV_FORMAL SVA_ON ASSERT_ON PSL __VERIBLE__ SURELOG UHDM SLANG
    __slang__ __slang_major__ __slang_minor__ __slang_rev__ __pyslang__ __FILE__ IVERILOG CVC ISIM ACTIVE_HDL RIVIERA
    DSIM TRANSLATE_OFF SV_COV_START
    """
)

#: Functions of the language that are arithmetic on values and types.
FUNCTIONS = names(
    """
    $clog2 $bits $signed $unsigned $countones $onehot $onehot0 $high $low $left $right $size $increment $dimensions
    $unpacked_dimensions $cast $rtoi $ceil $floor $pow $sqrt $ln $log10
    """
)

#: Output that a circuit does not have; the elaboration reads it and it is left out of the netlist.
PRINTING_TASKS = names("$display $write $info $warning")

MEMORY_FILE_TASKS = frozenset({"$readmemh", "$readmemb"})

#: Attributes that ask an implementation tool for something and change no behaviour.
HARMLESS_ATTRIBUTES = names(
    """
    keep dont_touch mark_debug ram_style rom_style ramstyle romstyle fsm_encoding async_reg shreg_extract max_fanout
    use_dsp syn_keep syn_preserve preserve noprune keep_hierarchy iob srl_style multstyle
    """
)

REFUSED_NET_TYPES = {
    parsing.TokenKind.Supply0Keyword: "supply0",
    parsing.TokenKind.Supply1Keyword: "supply1",
    parsing.TokenKind.Tri0Keyword: "tri0",
    parsing.TokenKind.Tri1Keyword: "tri1",
    parsing.TokenKind.TriRegKeyword: "trireg",
    parsing.TokenKind.InterconnectKeyword: "interconnect",
}

LOGIC_GATES = names("and nand or nor xor xnor not buf bufif0 bufif1 notif0 notif1")

REFUSED_DIRECTIVES = {
    Kind.LineDirective: "`line",
    Kind.UnconnectedDriveDirective: "`unconnected_drive",
    Kind.ProtectDirective: "`protect",
    Kind.ProtectedDirective: "`protected",
}
