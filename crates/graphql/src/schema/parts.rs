//! The definition or extension of a type, whatever its kind, in one shape.

use apollo_compiler::ast::{
    Definition, DirectiveList, EnumValueDefinition, FieldDefinition, InputValueDefinition,
};
use apollo_compiler::{Name, Node};

use super::Kind;

/// The parts of a type's definition or extension.
pub(super) struct Parts<'d> {
    pub(super) kind: Kind,
    pub(super) name: &'d Name,
    pub(super) directives: &'d DirectiveList,
    pub(super) fields: &'d [Node<FieldDefinition>],
    pub(super) inputs: &'d [Node<InputValueDefinition>],
    pub(super) values: &'d [Node<EnumValueDefinition>],
    pub(super) interfaces: &'d [Name],
    pub(super) members: &'d [Name],
}

/// The parts of a type; none of what is no type.
pub(super) fn parts(definition: &Definition) -> Option<Parts<'_>> {
    let directives = definition.directives();
    let plain = |kind, name| Parts {
        kind,
        name,
        directives,
        fields: &[],
        inputs: &[],
        values: &[],
        interfaces: &[],
        members: &[],
    };
    Some(match definition {
        Definition::ScalarTypeDefinition(it) => plain(Kind::Scalar, &it.name),
        Definition::ScalarTypeExtension(it) => plain(Kind::Scalar, &it.name),
        Definition::ObjectTypeDefinition(it) => Parts {
            fields: &it.fields,
            interfaces: &it.implements_interfaces,
            ..plain(Kind::Object, &it.name)
        },
        Definition::ObjectTypeExtension(it) => Parts {
            fields: &it.fields,
            interfaces: &it.implements_interfaces,
            ..plain(Kind::Object, &it.name)
        },
        Definition::InterfaceTypeDefinition(it) => Parts {
            fields: &it.fields,
            interfaces: &it.implements_interfaces,
            ..plain(Kind::Interface, &it.name)
        },
        Definition::InterfaceTypeExtension(it) => Parts {
            fields: &it.fields,
            interfaces: &it.implements_interfaces,
            ..plain(Kind::Interface, &it.name)
        },
        Definition::UnionTypeDefinition(it) => Parts { members: &it.members, ..plain(Kind::Union, &it.name) },
        Definition::UnionTypeExtension(it) => Parts { members: &it.members, ..plain(Kind::Union, &it.name) },
        Definition::EnumTypeDefinition(it) => Parts { values: &it.values, ..plain(Kind::Enum, &it.name) },
        Definition::EnumTypeExtension(it) => Parts { values: &it.values, ..plain(Kind::Enum, &it.name) },
        Definition::InputObjectTypeDefinition(it) => {
            Parts { inputs: &it.fields, ..plain(Kind::Input, &it.name) }
        }
        Definition::InputObjectTypeExtension(it) => {
            Parts { inputs: &it.fields, ..plain(Kind::Input, &it.name) }
        }
        _ => return None,
    })
}
