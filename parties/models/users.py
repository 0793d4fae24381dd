"""People who sign in, and the one system actor who cannot."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from guardian.mixins import GuardianUserMixin


class UserManager(BaseUserManager["User"]):
    """Creates people; there is no way to create a superuser."""

    def create_user(self, *, username: str, password: str | None = None, **profile: Any) -> User:
        """Store one person with a hashed password."""
        user = self.model(username=self.model.normalize_username(username), **profile)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person of a user name."""
        return self.get(username=username)


class User(GuardianUserMixin, AbstractBaseUser, PermissionsMixin):
    """
    A person. Rights come from desks (groups) and seats, never from a flag on the person.

    The system actor is a row as well, so that every audit entry has an actor; it has no password.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="parties_user_no_superuser", condition=Q(is_superuser=False)
            ),
            models.CheckConstraint(
                name="parties_user_system_cannot_sign_in",
                condition=Q(is_system=False) | Q(is_active=False),
            ),
            models.UniqueConstraint(
                name="parties_user_one_system", fields=["is_system"], condition=Q(is_system=True)
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def audit_name(self) -> str:
        """Return how records name this person."""
        return f"{self.full_name} ({self.username})"

    def get_full_name(self) -> str:
        """Return the person's name."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the person's name; Chinese names are not shortened."""
        return self.full_name
