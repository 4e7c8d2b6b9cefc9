//! Format and machine of an image, in numbers and in words.

use std::fmt;

use object::{elf, macho, pe};

/// A format of shared libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) enum Format {
    Elf,
    MachO,
    Pe,
}

impl Format {
    /// The format of this system's libraries.
    pub(in crate::plugin) const NATIVE: Format = if cfg!(target_vendor = "apple") {
        Format::MachO
    } else if cfg!(windows) {
        Format::Pe
    } else {
        Format::Elf
    };

    pub(in crate::plugin) const fn name(self) -> &'static str {
        match self {
            Format::Elf => "ELF",
            Format::MachO => "Mach-O",
            Format::Pe => "PE",
        }
    }
}

/// What an image was built for, as its first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) struct Kind {
    pub(in crate::plugin) format: Format,
    /// The number that the format gives to the machine.
    pub(in crate::plugin) machine: u32,
    /// Of an address: 32 or 64.
    pub(in crate::plugin) bits: u32,
    pub(in crate::plugin) is_big_endian: bool,
}

/// A machine and its number in each format that has one for it.
struct Machine {
    /// As Rust names it.
    arch: &'static str,
    /// As its makers do.
    name: &'static str,
    bits: u32,
    elf: elf::Machine,
    macho: Option<macho::CpuType>,
    pe: Option<pe::Machine>,
}

const MACHINES: &[Machine] = &[
    Machine {
        arch: "x86_64",
        name: "x86-64",
        bits: 64,
        elf: elf::EM_X86_64,
        macho: Some(macho::CPU_TYPE_X86_64),
        pe: Some(pe::IMAGE_FILE_MACHINE_AMD64),
    },
    Machine {
        arch: "aarch64",
        name: "AArch64",
        bits: 64,
        elf: elf::EM_AARCH64,
        macho: Some(macho::CPU_TYPE_ARM64),
        pe: Some(pe::IMAGE_FILE_MACHINE_ARM64),
    },
    Machine {
        arch: "x86",
        name: "x86",
        bits: 32,
        elf: elf::EM_386,
        macho: Some(macho::CPU_TYPE_X86),
        pe: Some(pe::IMAGE_FILE_MACHINE_I386),
    },
    Machine {
        arch: "arm",
        name: "ARM",
        bits: 32,
        elf: elf::EM_ARM,
        macho: Some(macho::CPU_TYPE_ARM),
        pe: Some(pe::IMAGE_FILE_MACHINE_ARMNT),
    },
    Machine { arch: "riscv64", name: "RISC-V", bits: 64, elf: elf::EM_RISCV, ..ELF_ALONE },
    Machine { arch: "riscv32", name: "RISC-V", bits: 32, elf: elf::EM_RISCV, ..ELF_ALONE },
    Machine { arch: "powerpc64", name: "PowerPC64", bits: 64, elf: elf::EM_PPC64, ..ELF_ALONE },
    Machine { arch: "s390x", name: "S/390", bits: 64, elf: elf::EM_S390, ..ELF_ALONE },
    Machine {
        arch: "loongarch64",
        name: "LoongArch",
        bits: 64,
        elf: elf::EM_LOONGARCH,
        ..ELF_ALONE
    },
];

const ELF_ALONE: Machine =
    Machine { arch: "", name: "", bits: 0, elf: elf::EM_NONE, macho: None, pe: None };

impl Machine {
    fn number(&self, format: Format) -> Option<u32> {
        match format {
            Format::Elf => Some(self.elf.0.into()),
            Format::MachO => self.macho.map(|machine| machine.0),
            Format::Pe => self.pe.map(|machine| machine.0.into()),
        }
    }
}

impl Kind {
    /// The address size of a machine of Mach-O or PE, whose headers do not tell it apart.
    pub(in crate::plugin) fn bits_of(format: Format, machine: u32) -> u32 {
        let known = MACHINES.iter().find(|known| known.number(format) == Some(machine));
        known.map_or(64, |known| known.bits)
    }

    /// True for what this system's loader would accept in this program.
    pub(in crate::plugin) fn is_native(self) -> bool {
        self.format == Format::NATIVE
            && self.bits == usize::BITS
            && self.is_big_endian == cfg!(target_endian = "big")
            && self.is_this_machine()
    }

    /// True for the machine that this program runs on, in whatever format.
    pub(in crate::plugin) fn is_this_machine(self) -> bool {
        let own = MACHINES.iter().find(|known| known.arch == std::env::consts::ARCH);
        // A machine that the table does not know is left to the system's loader.
        own.is_none_or(|own| own.number(self.format) == Some(self.machine))
    }

    /// The machine as Rust names it, or its number.
    pub(in crate::plugin) fn arch(self) -> String {
        let fits = |known: &&Machine| known.number(self.format) == Some(self.machine);
        let exact = MACHINES.iter().filter(fits).find(|known| known.bits == self.bits);
        match exact.or_else(|| MACHINES.iter().find(fits)) {
            Some(known) => known.arch.to_owned(),
            None => format!("machine {}", self.machine),
        }
    }

    /// The machine as its makers name it, or its number.
    pub(in crate::plugin) fn machine_name(self) -> String {
        let known = MACHINES.iter().find(|known| known.number(self.format) == Some(self.machine));
        known.map_or_else(|| format!("machine {}", self.machine), |known| known.name.to_owned())
    }
}

impl fmt::Display for Kind {
    /// What tells the image from one for this program: `S/390 (64 bits, big endian)` for this
    /// system's format, `AArch64 Mach-O` for another.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.machine_name();
        if self.format != Format::NATIVE {
            return write!(f, "{name} {}", self.format.name());
        }
        let order = if self.is_big_endian { "big" } else { "little" };
        write!(f, "{name} ({} bits, {order} endian)", self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Kind};

    fn kind(format: Format, machine: u32, bits: u32) -> Kind {
        Kind { format, machine, bits, is_big_endian: false }
    }

    #[test]
    fn machines_have_the_names_of_rust_targets() {
        for (kind, arch) in [
            (kind(Format::Elf, 62, 64), "x86_64"),
            (kind(Format::Elf, 243, 32), "riscv32"),
            (kind(Format::Elf, 243, 64), "riscv64"),
            (kind(Format::MachO, 0x0100_000c, 64), "aarch64"),
            (kind(Format::Pe, 0xaa64, 64), "aarch64"),
            (kind(Format::Pe, 0x014c, 32), "x86"),
            (kind(Format::Pe, 0xffff, 64), "machine 65535"),
        ] {
            assert_eq!(kind.arch(), arch);
        }
    }
}
