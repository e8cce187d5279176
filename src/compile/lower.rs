//! Statements where they are attached become rules; what can never apply is left out, repetitions are one rule.

use super::map::{Map, Set};
use super::pool::{Pool, append, number, push};
use crate::ast::{
    self, ActionPattern, Attached, Clause as Syntax, Condition, OperandValue, PolicySet, PrincipalName,
    Target,
};
use crate::tree::{
    self, ActionTest, Arn, Atom, Attachment, Clause, Compiled, Document, NONE, Operand, Owned, PrincipalTest,
    ROOT_ANY, ROOT_ATTACHMENT, ROOT_IDENTITY, RULE_DENY, RULE_SLOT, RULE_TARGET, Range, ResourceTest, Rule,
    Statement, Text, action, operand, principal, resource, target,
};
use crate::value::{self, Base, Effect, Layer, Piece, ResourcePattern, Template};

/// All tables but the indexes.
pub(super) fn lower(set: &PolicySet, sources: bool) -> Compiled {
    let mut lowering = Lowering {
        pool: Pool::new(&set.keys),
        atoms: Map::default(),
        atom_lists: Map::default(),
        action_clauses: Map::default(),
        resource_clauses: Map::default(),
        principal_clauses: Map::default(),
    };
    lowering.head(set);
    for attachment in set.attachments() {
        lowering.attachment(attachment);
    }
    let mut seen = Set::default();
    let mut rules = Vec::new();
    let mut documents = Map::default();
    for attached in set.statements() {
        let document = *documents
            .entry((attached.index, std::ptr::from_ref(attached.document)))
            .or_insert_with(|| lowering.document(attached.document, sources));
        lowering.statement(&attached, document);
        if let Some(rule) = lowering.rule(&attached) {
            // A repetition decides nothing that its first instance does not.
            let attachment = if rule.flags & RULE_TARGET == 0 { NONE } else { rule.attachment };
            let identity = Rule { statement: NONE, attachment, ..rule };
            if seen.insert(identity) {
                rules.push(rule);
            }
        }
    }
    rules.sort_by_key(|rule| rule.root);
    let out = &mut lowering.pool.out;
    let roots = ROOT_ATTACHMENT as usize + out.attachments.len();
    out.roots = vec![Range::default(); roots];
    for (id, rule) in (0..).zip(&rules) {
        let range = &mut out.roots[rule.root as usize];
        if range.end == 0 {
            range.start = id;
        }
        range.end = id + 1;
    }
    out.rules = rules;
    lowering.pool.out
}

struct Lowering<'a> {
    pool: Pool<'a>,
    atoms: Map<Atom, u32>,
    atom_lists: Map<Vec<u32>, Range>,
    action_clauses: Map<(bool, Vec<ActionTest>), u32>,
    resource_clauses: Map<(bool, Vec<ResourceTest>), u32>,
    principal_clauses: Map<(bool, Vec<PrincipalTest>), u32>,
}

impl Lowering<'_> {
    fn head(&mut self, set: &PolicySet) {
        let pool = &mut self.pool;
        pool.out.profile = set.profile;
        pool.out.home_account = pool.text(&set.home_account);
        pool.out.management_account = pool.text(set.management_account.as_deref().unwrap_or_default());
        for service in &set.own_services {
            let service = pool.text(service);
            pool.out.own_services.push(service);
        }
        // Declared keys count even where no policy asks for them: a request must not set those of the principal.
        for (name, ..) in set.keys.declared() {
            let key = pool.key(name);
            pool.out.declared.push(key);
        }
        for owned in &set.owned {
            let test = self.resource_test(&owned.pattern);
            let resource = push(&mut self.pool.out.resource_tests, test);
            let account = self.pool.text(&owned.account);
            self.pool.out.owned.push(Owned { resource, account });
        }
    }

    fn attachment(&mut self, from: &ast::Attachment) {
        let (kind, names): (u32, Vec<&str>) = match &from.target {
            Target::Everyone => (target::EVERYONE, vec![]),
            Target::Group(name) => (target::GROUP, vec![name]),
            Target::Role(arn) => (target::ROLE, vec![arn]),
            Target::User(arn) => (target::USER, vec![arn]),
            Target::Subject { issuer, subject } => (target::SUBJECT, vec![issuer, subject]),
            Target::Accounts(accounts) => (target::ACCOUNTS, accounts.iter().map(String::as_str).collect()),
            Target::SessionPolicy(name) => (target::SESSION_POLICY, vec![name]),
            Target::Resource(_) => (target::RESOURCE, vec![]),
            Target::Endpoint(id) => (target::ENDPOINT, vec![id]),
        };
        let texts: Vec<Text> = names.into_iter().map(|name| self.pool.text(name)).collect();
        let mut row = Attachment {
            layer: layer_number(from.layer),
            level: u32::from(from.level),
            kind,
            texts: append(&mut self.pool.out.attachment_texts, &texts),
            resource: NONE,
            bucket_objects: NONE,
        };
        if let Target::Resource(pattern) = &from.target {
            let test = self.resource_test(pattern);
            row.resource = push(&mut self.pool.out.resource_tests, test);
            if let Some(objects) = objects_of_bucket(pattern) {
                let test = self.resource_test(&objects);
                row.bucket_objects = push(&mut self.pool.out.resource_tests, test);
            }
        }
        self.pool.out.attachments.push(row);
    }

    fn document(&mut self, from: &ast::Document, sources: bool) -> u32 {
        let name = self.pool.text(&from.source.name);
        let source = if sources { self.pool.text(&from.source.text) } else { Text::default() };
        push(&mut self.pool.out.documents, Document { name, source })
    }

    fn statement(&mut self, attached: &Attached<'_>, document: u32) {
        let from = attached.statement;
        let row = Statement {
            document,
            sid: self.pool.text(from.sid.as_ref().map_or("", |sid| &sid.value)),
            position: number(attached.position),
            start: from.span.start,
            end: from.span.end,
            attachment: number(attached.index),
            deny: u32::from(from.effect.value == Effect::Deny),
        };
        self.pool.out.statements.push(row);
    }

    /// `None` if the statement can never apply.
    fn rule(&mut self, attached: &Attached<'_>) -> Option<Rule> {
        let from = attached.statement;
        let layer = attached.attachment.layer;
        let deny = from.effect.value == Effect::Deny;
        if never(&from.action) || from.resource.as_ref().is_some_and(never) {
            return None;
        }
        let mut flags = if deny { RULE_DENY } else { 0 };
        flags |= (layer_number(layer) | u32::from(attached.attachment.level) << 8) << RULE_SLOT;
        let asked = matches!(attached.attachment.target, Target::Resource(_) | Target::Endpoint(_))
            || layer == Layer::ResourceControl && attached.attachment.target != Target::Everyone;
        if asked {
            flags |= RULE_TARGET;
        }
        let root = match layer {
            Layer::ResourceControl | Layer::Endpoint | Layer::Resource => ROOT_ANY,
            Layer::Identity | Layer::Boundary | Layer::Session
                if attached.attachment.target == Target::Everyone =>
            {
                ROOT_IDENTITY
            }
            _ => ROOT_ATTACHMENT + number(attached.index),
        };
        if matches!(layer, Layer::Resource | Layer::Endpoint) && from.principal.is_none() {
            return None;
        }
        let principals = match &from.principal {
            Some(clause) if layer != Layer::ResourceControl => {
                if never(clause) {
                    return None;
                }
                self.principals(clause)
            }
            // The principal of a resource control policy is `*` (SEMANTICS A.3).
            _ => NONE,
        };
        let actions = self.actions(&from.action);
        let resources = from.resource.as_ref().map_or(NONE, |clause| self.resources(clause));
        let mut atoms: Vec<u32> = from.conditions.iter().map(|condition| self.atom(condition)).collect();
        atoms.sort_unstable_by_key(|id| (self.cost(*id), *id));
        atoms.dedup();
        let atoms = self.atom_list(atoms);
        Some(Rule {
            statement: attached.id.0,
            flags,
            root,
            attachment: number(attached.index),
            principals,
            actions,
            resources,
            atoms,
        })
    }

    fn atom_list(&mut self, atoms: Vec<u32>) -> Range {
        if let Some(known) = self.atom_lists.get(&atoms) {
            return *known;
        }
        let range = append(&mut self.pool.out.rule_atoms, &atoms);
        self.atom_lists.insert(atoms, range);
        range
    }

    fn principals(&mut self, clause: &Syntax<ast::PrincipalPattern>) -> u32 {
        let tests: Vec<PrincipalTest> =
            clause.entries.iter().map(|entry| self.principal_test(&entry.name)).collect();
        let key = (clause.negated, tests);
        if let Some(known) = self.principal_clauses.get(&key) {
            return *known;
        }
        let tests = append(&mut self.pool.out.principal_tests, &key.1);
        let id = push(&mut self.pool.out.clauses, Clause { negated: u32::from(clause.negated), tests });
        self.principal_clauses.insert(key, id);
        id
    }

    fn principal_test(&mut self, name: &PrincipalName) -> PrincipalTest {
        let (kind, text) = match name {
            PrincipalName::Everyone => (principal::EVERYONE, ""),
            PrincipalName::Account(text) => (principal::ACCOUNT, text.as_str()),
            PrincipalName::User(text) => (principal::USER, text.as_str()),
            PrincipalName::Role(text) => (principal::ROLE, text.as_str()),
            PrincipalName::RoleSession(text) => (principal::ROLE_SESSION, text.as_str()),
            PrincipalName::FederatedUser(text) => (principal::FEDERATED_USER, text.as_str()),
            PrincipalName::UniqueId(text) => (principal::UNIQUE_ID, text.as_str()),
            PrincipalName::Service(text) => (principal::SERVICE, text.as_str()),
            PrincipalName::Federated(text) => (principal::FEDERATED, text.as_str()),
            PrincipalName::CanonicalUser(text) | PrincipalName::Nobody(text) => {
                (principal::NOBODY, text.as_str())
            }
        };
        PrincipalTest { kind, text: self.pool.text(text) }
    }

    fn actions(&mut self, clause: &Syntax<ActionPattern>) -> u32 {
        let tests: Vec<ActionTest> = clause.entries.iter().map(|entry| self.action_test(entry)).collect();
        let key = (clause.negated, tests);
        if let Some(known) = self.action_clauses.get(&key) {
            return *known;
        }
        let tests = append(&mut self.pool.out.action_tests, &key.1);
        let id = push(&mut self.pool.out.clauses, Clause { negated: u32::from(clause.negated), tests });
        self.action_clauses.insert(key, id);
        id
    }

    fn action_test(&mut self, from: &ActionPattern) -> ActionTest {
        let none = Range::default();
        let Some(service) = &from.service else {
            let (kind, text) = (action::ALL, Text::default());
            return ActionTest { kind, text, service: none, name: none, symbol: NONE };
        };
        let Some(service_text) = service.as_literal() else {
            let written = from.text.split(':').next().unwrap_or_default();
            let text = self.pool.text(written);
            let (service, name) = (self.pool.template(service), self.pool.template(&from.name));
            return ActionTest { kind: action::WILD_SERVICE, text, service, name, symbol: NONE };
        };
        let plain = match from.name.pieces.as_slice() {
            [] => Some((action::EXACT, "")),
            [Piece::Literal(name)] => Some((action::EXACT, name.as_str())),
            [Piece::Any] => Some((action::PREFIX, "")),
            [Piece::Literal(start), Piece::Any] => Some((action::PREFIX, start.as_str())),
            _ => None,
        };
        if let Some((kind, name)) = plain {
            let text = self.pool.text(&format!("{service_text}:{name}"));
            return ActionTest { kind, text, service: none, name: none, symbol: NONE };
        }
        let text = self.pool.text(service_text);
        let name = self.pool.template(&from.name);
        ActionTest { kind: action::PATTERN, text, service: none, name, symbol: NONE }
    }

    fn resources(&mut self, clause: &Syntax<ast::ResourceEntry>) -> u32 {
        let tests: Vec<ResourceTest> =
            clause.entries.iter().map(|entry| self.resource_test(&entry.pattern)).collect();
        let key = (clause.negated, tests);
        if let Some(known) = self.resource_clauses.get(&key) {
            return *known;
        }
        let tests = append(&mut self.pool.out.resource_tests, &key.1);
        let id = push(&mut self.pool.out.clauses, Clause { negated: u32::from(clause.negated), tests });
        self.resource_clauses.insert(key, id);
        id
    }

    fn resource_test(&mut self, pattern: &ResourcePattern) -> ResourceTest {
        let (none, head, tail) = (NONE, Text::default(), Range::default());
        let plain = |kind| ResourceTest { kind, capped: 0, arn: none, head, tail, shape: 0 };
        let mut test = match pattern {
            ResourcePattern::Any => plain(resource::ANY),
            ResourcePattern::Attached => plain(resource::ATTACHED),
            ResourcePattern::Api(template) => {
                ResourceTest { tail: self.pool.template(template), ..plain(resource::API) }
            }
            ResourcePattern::Arn { pattern, capped } => {
                let literals: Option<Vec<&str>> =
                    pattern.fields[..4].iter().map(Template::as_literal).collect();
                let head = literals
                    .map_or(Text::default(), |fields| self.pool.text(&format!("arn:{}:", fields.join(":"))));
                let arn = self.arn(pattern);
                let tail = self.pool.out.arns[arn as usize].resource;
                ResourceTest { kind: resource::ARN, capped: u32::from(*capped), arn, head, tail, shape: 0 }
            }
        };
        test.shape = self.pool.out.resource_shape(&test);
        test
    }

    fn arn(&mut self, pattern: &value::ArnPattern) -> u32 {
        let [partition, service, region, account, resource] = &pattern.fields;
        let row = Arn {
            partition: self.pool.template(partition),
            service: self.pool.template(service),
            region: self.pool.template(region),
            account: self.pool.template(account),
            resource: self.pool.template(resource),
        };
        if let Some(known) = self.pool.arns.get(&row) {
            return *known;
        }
        let id = push(&mut self.pool.out.arns, row);
        self.pool.arns.insert(row, id);
        id
    }

    fn atom(&mut self, condition: &Condition) -> u32 {
        let operator = condition.operator.value;
        let key = self.pool.key(&condition.key.value);
        let rows: Vec<Operand> = condition.operands.iter().map(|operand| self.operand(operand)).collect();
        let operands = self.pool.operands(rows);
        let row = Atom { key, operator: tree::pack_operator(operator), operands };
        if let Some(known) = self.atoms.get(&row) {
            return *known;
        }
        let id = push(&mut self.pool.out.atoms, row);
        self.atoms.insert(row, id);
        id
    }

    fn operand(&mut self, from: &ast::Operand) -> Operand {
        let row = |kind, a, b| Operand { kind, a, b };
        match &from.value {
            OperandValue::Text(template) => {
                if let Some(literal) = template.as_literal() {
                    let text = self.pool.text(literal);
                    return row(operand::TEXT, text.at, text.len);
                }
                let range = self.pool.template(template);
                row(operand::TEMPLATE, range.start, range.end)
            }
            OperandValue::Arn(pattern) => row(operand::ARN, self.arn(pattern), 0),
            OperandValue::Number(_) => {
                let text = self.pool.text(&from.text);
                row(operand::NUMBER, text.at, text.len)
            }
            OperandValue::Date(instant) => {
                let place = self.pool.words(&tree::words_of_instant(*instant));
                row(operand::DATE, place, 0)
            }
            OperandValue::Ip(range) => {
                let (address, prefix) = tree::words_of_cidr(range);
                row(operand::IP, self.pool.words(&address), prefix)
            }
            OperandValue::Bytes(bytes) => {
                let text = self.pool.text(&value::encode_base64(bytes));
                row(operand::BYTES, text.at, text.len)
            }
            OperandValue::Null(absent) => row(operand::NULL, u32::from(*absent), 0),
            OperandValue::Malformed => row(operand::MALFORMED, 0, 0),
        }
    }

    /// What is cheap and decides often is asked first.
    fn cost(&self, atom: u32) -> u32 {
        let atom = self.pool.out.atoms[atom as usize];
        let operator = tree::unpack_operator(atom.operator);
        let family = match operator.base {
            Base::Null => 0,
            Base::StringEquals if !operator.if_exists => 0,
            Base::Bool | Base::StringEquals | Base::StringNotEquals => 3,
            Base::StringLike | Base::StringNotLike => 6,
            Base::BinaryEquals => 8,
            _ => 5,
        };
        family + number(atom.operands.len()) + if operator.set.is_some() { 2 } else { 0 }
    }
}

/// Whether a clause lists nothing, and so never matches (SEMANTICS A11).
fn never<T>(clause: &Syntax<T>) -> bool {
    clause.entries.is_empty() && !clause.negated
}

fn layer_number(layer: Layer) -> u32 {
    number(Layer::ALL.iter().position(|other| *other == layer).unwrap_or_default())
}

/// A policy attached to a bucket covers its objects.
fn objects_of_bucket(pattern: &ResourcePattern) -> Option<ResourcePattern> {
    let ResourcePattern::Arn { pattern, capped } = pattern else { return None };
    let in_bucket = pattern.fields[1].as_literal() == Some("s3");
    let has_slash =
        pattern.fields[4].pieces.iter().any(|p| matches!(p, Piece::Literal(text) if text.contains('/')));
    if !in_bucket || has_slash {
        return None;
    }
    let mut objects = pattern.clone();
    objects.fields[4].push(Piece::Literal("/".to_owned()));
    objects.fields[4].push(Piece::Any);
    Some(ResourcePattern::Arn { pattern: objects, capped: *capped })
}
