//! Everything that lives between calls.

use bailiwick::decide::Session;
use bailiwick::identity::Claims;
use bailiwick::request::{Action, ContextKey, ContextValue, Resource};
use bailiwick::value::StatementId;
use bailiwick::{Decision, Principal, Request, Source, Tree};

use super::answer;
use super::failure::Failure;
use super::principal;
use super::record::{Name, Record};
use super::slab::Slab;

/// Engines, sessions and what is interned, by handle; and the buffer in which scripts and we write to each other.
#[derive(Debug)]
pub struct State {
    buffer: Vec<u8>,
    engines: Slab<Tree>,
    sessions: Slab<Held>,
    actions: Slab<Action<'static>>,
    resources: Slab<(Resource<'static>, Option<String>)>,
    contexts: Slab<Vec<(ContextKey, ContextValue<'static>)>>,
    keys: Slab<ContextKey>,
    failure: Option<Failure>,
    decided_by: u32,
}

/// A session, and the tree that has the names of its statements.
#[derive(Debug)]
struct Held {
    session: Session,
    tree: Tree,
}

impl State {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self {
            buffer: Vec::new(),
            engines: Slab::new(),
            sessions: Slab::new(),
            actions: Slab::new(),
            resources: Slab::new(),
            contexts: Slab::new(),
            keys: Slab::new(),
            failure: None,
            decided_by: 0,
        }
    }

    /// Makes the buffer at least so long, and tells where it begins.
    pub fn reserve(&mut self, length: usize) -> *mut u8 {
        if self.buffer.len() < length {
            self.buffer.resize(length, 0);
        }
        self.buffer.as_mut_ptr()
    }

    /// The buffer, for callers that share its memory.
    pub fn buffer(&mut self) -> &mut [u8] {
        &mut self.buffer
    }

    /// The buffer's first bytes as a text.
    pub fn text(&self, length: usize) -> Result<&str, Failure> {
        let bytes = self.buffer.get(..length).unwrap_or_default();
        core::str::from_utf8(bytes).map_err(|_| {
            Failure::new(
                "E251",
                &["this is not UTF-8 text"],
                "give the bytes as they are in the token or the file",
            )
        })
    }

    /// Writes texts for a script: a word with the number of bytes before each. The number of texts.
    pub fn put(&mut self, texts: &[&str]) -> u32 {
        self.buffer.clear();
        for text in texts {
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            self.buffer.extend(length.to_le_bytes());
            self.buffer.extend(text.as_bytes());
        }
        self.buffer.resize(self.buffer.capacity(), 0);
        u32::try_from(texts.len()).unwrap_or(u32::MAX)
    }

    /// The value, or 0 with its reason kept until it is asked for.
    pub fn settle(&mut self, outcome: Result<u32, Failure>) -> u32 {
        outcome.unwrap_or_else(|failure| {
            self.failure = Some(failure);
            0
        })
    }

    pub(super) fn write_failure(&mut self) -> u32 {
        let failure = self.failure.take().unwrap_or_else(|| {
            Failure::new("E264", &["the call came from within another one"], "ask again when it has returned")
        });
        self.put(&[failure.code, &failure.message, &failure.help])
    }

    pub(super) fn load(&mut self, length: usize) -> u32 {
        let bytes = self.buffer.get(..length).unwrap_or_default();
        let tree = Tree::from_bytes(bytes);
        // An artifact may be large, and what comes after it is small.
        self.buffer = Vec::new();
        match tree {
            Ok(tree) => self.adopt(tree),
            Err(error) => self.settle(Err(error.into())),
        }
    }

    /// An engine for a tree. Its handle.
    pub fn adopt(&mut self, tree: Tree) -> u32 {
        self.engines.insert(tree)
    }

    /// The tree of an engine.
    pub fn tree(&self, engine: u32) -> Result<&Tree, Failure> {
        self.engines.get(engine).ok_or_else(|| Failure::gone("the engine"))
    }

    pub(super) fn free_engine(&mut self, engine: u32) {
        self.engines.remove(engine);
    }

    pub(super) fn session_of_claims(&mut self, engine: u32, length: usize) -> u32 {
        let made = self.tree(engine).cloned().and_then(|tree| {
            let claims = Claims::parse(Source::new("claims", self.text(length)?))?;
            Ok((principal::of_claims(&tree, &claims)?, tree))
        });
        self.begin(made)
    }

    pub(super) fn session_of_principal(&mut self, engine: u32, length: usize) -> u32 {
        let made = self.tree(engine).cloned().and_then(|tree| {
            let principal = principal::read(self.text(length)?)?;
            Ok((principal, tree))
        });
        self.begin(made)
    }

    fn begin(&mut self, made: Result<(Principal, Tree), Failure>) -> u32 {
        let handle = made.map(|(principal, tree)| {
            let session = tree.session(principal);
            self.sessions.insert(Held { session, tree })
        });
        self.settle(handle)
    }

    pub(super) fn free_session(&mut self, session: u32) {
        self.sessions.remove(session);
    }

    /// The session behind a handle.
    pub fn session(&self, session: u32) -> Result<&Session, Failure> {
        self.sessions.get(session).map(|held| &held.session).ok_or_else(|| Failure::gone("the session"))
    }

    pub(super) fn intern_action(&mut self, length: usize) -> u32 {
        let action = self.text(length).map(str::to_owned).and_then(|text| Ok(Action::new(text)?));
        let handle = action.map(|action| self.actions.insert(action));
        self.settle(handle)
    }

    pub(super) fn intern_key(&mut self, length: usize) -> u32 {
        let key = self.text(length).map(ContextKey::new);
        let handle = key.map(|key| self.keys.insert(key));
        self.settle(handle)
    }

    pub(super) fn intern_resource(&mut self, texts: usize) -> u32 {
        let resource = Record::new(&self.buffer, texts).and_then(|mut record| {
            let resource = Resource::new(record.text()?.to_owned())?;
            Ok((resource, record.optional()?.map(str::to_owned)))
        });
        let handle = resource.map(|resource| self.resources.insert(resource));
        self.settle(handle)
    }

    pub(super) fn intern_context(&mut self, texts: usize) -> u32 {
        let context = Record::new(&self.buffer, texts).and_then(|mut record| {
            record.text()?;
            record.optional()?;
            let count = record.word()?;
            let mut entries = Vec::new();
            for _ in 0..count {
                let key = match record.name()? {
                    Name::Handle(handle) => {
                        self.keys.get(handle).cloned().ok_or_else(|| Failure::gone("the context key"))?
                    }
                    Name::Text(name) => ContextKey::new(name),
                };
                entries.push((key, record.value()?.into_owned()));
            }
            Ok(entries)
        });
        let handle = context.map(|context| self.contexts.insert(context));
        self.settle(handle)
    }

    pub(super) fn release(&mut self, kind: u32, handle: u32) {
        match kind {
            0 => drop(self.actions.remove(handle)),
            1 => drop(self.resources.remove(handle)),
            _ => drop(self.contexts.remove(handle)),
        }
    }

    pub(super) fn decide_record(&mut self, session: u32, action: u32, texts: usize) -> u32 {
        let decision = self.ask_record(session, action, texts);
        self.answer(decision)
    }

    fn ask_record(&self, session: u32, action: u32, texts: usize) -> Result<Decision, Failure> {
        let session = self.session(session)?;
        let mut record = Record::new(&self.buffer, texts)?;
        let resource = Resource::new(record.text()?)?;
        let account = record.optional()?;
        let count = record.word()?;
        let action = self.actions.get(action).ok_or_else(|| Failure::gone("the action"))?;
        let mut request = Request::of(action, &resource);
        if let Some(account) = account {
            request = request.owned_by(account);
        }
        for _ in 0..count {
            match record.name()? {
                Name::Handle(handle) => {
                    let key = self.keys.get(handle).ok_or_else(|| Failure::gone("the context key"))?;
                    request.insert(key, record.value()?);
                }
                Name::Text(name) => request = request.with(name, record.value()?),
            }
        }
        Ok(session.decide(&request))
    }

    pub(super) fn decide_handles(&mut self, session: u32, action: u32, resource: u32, context: u32) -> u32 {
        let decision = self.ask_handles(session, action, resource, context);
        self.answer(decision)
    }

    fn ask_handles(
        &self,
        session: u32,
        action: u32,
        resource: u32,
        context: u32,
    ) -> Result<Decision, Failure> {
        let session = self.session(session)?;
        let action = self.actions.get(action).ok_or_else(|| Failure::gone("the action"))?;
        let (resource, account) =
            self.resources.get(resource).ok_or_else(|| Failure::gone("the resource"))?;
        let mut request = Request::of(action, resource);
        if let Some(account) = account {
            request = request.owned_by(account.as_str());
        }
        if context != 0 {
            let entries = self.contexts.get(context).ok_or_else(|| Failure::gone("the context"))?;
            for (key, value) in entries {
                request.insert(key, value.reborrow());
            }
        }
        Ok(session.decide(&request))
    }

    fn answer(&mut self, decision: Result<Decision, Failure>) -> u32 {
        match decision {
            Ok(decision) => {
                self.decided_by = answer::statement(decision.statement);
                answer::pack(&decision)
            }
            Err(failure) => self.settle(Err(failure)),
        }
    }

    pub(super) fn decided_by(&self) -> u32 {
        self.decided_by
    }

    pub(super) fn write_statement(&mut self, session: u32, statement: u32) -> u32 {
        let Some(held) = self.sessions.get(session) else { return 0 };
        let tree = held.tree.clone();
        let Some(name) = tree.statement(StatementId(statement)) else { return 0 };
        let (start, end) = name.place;
        let [position, start, end] = [name.position, start, end].map(decimal);
        self.put(&[name.policy, name.sid.unwrap_or_default(), &position, &start, &end])
    }
}

/// Without the library's formatting, which nothing else here needs.
fn decimal(mut number: u32) -> String {
    let mut digits = Vec::new();
    while number > 0 || digits.is_empty() {
        digits.push(char::from(b"0123456789"[(number % 10) as usize]));
        number /= 10;
    }
    digits.into_iter().rev().collect()
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}
